"""What those who watch over the service see: figures, metrics, the status page; alert rules, a dashboard."""

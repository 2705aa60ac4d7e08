"""Translation engines, what watches over each, and the chain that asks them one after the other."""

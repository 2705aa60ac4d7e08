// Reads feeds as rss-parser does. Takes a JSON list of addresses from stdin and prints what it made of each.
import Parser from "rss-parser";

let input = "";
for await (const part of process.stdin) input += part;
const parser = new Parser({ customFields: { item: ["media:content", "dc:language"] } });
const told = [];
for (const address of JSON.parse(input)) told.push(await parser.parseURL(address));
process.stdout.write(JSON.stringify(told));

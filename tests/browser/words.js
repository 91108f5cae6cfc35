// Whom to look for in the report of the sample month, and what has to be found, from the answers of `lookup`.
// Usage: node words.js ANSWERS LANGUAGE
const fs = require("fs");

const [answersFile, language] = process.argv.slice(2);
const documents = fs.readFileSync(answersFile, "utf8").split(/\n(?=\{)/).map((text) => JSON.parse(text));
const said = documents.map((document) => document.answers[0].sentence);
const german = language === "de";
const [returned, twin, credited] = [
  { name: "Marlies Hagedorn", sentence: said[0] },
  { name: "Günther Fröhlich", sentence: said[1] },
  { sentence: said[2] },
];
process.stdout.write(JSON.stringify({
  finds: [
    { query: "57.20-2118", ...returned },
    { query: "57202118", ...returned },
    { query: "Hagedorn, Marlies", ...returned },
    { query: "Frau Marlies HAGEDORN", ...returned },
    { query: "4786", ...twin },
    { query: "Froehlich Guenther", ...twin },
    { query: "50.12-4709", ...credited },
    { query: "7096", rows: 2 },
    { query: "hagedorn", rows: 7 },
    { query: "nobody of this name", rows: 0 },
  ],
  many: "hagedorn",
  followUp: german ? "zu klären" : "follow-up",
  followUpHead: german ? "Zu klären" : "Follow-up",
  creditedCase: "50.12-4709",
}));

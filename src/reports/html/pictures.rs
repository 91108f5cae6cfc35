//! Pictures: shares by benefit, credits by day, follow-ups by reason. Bars are drawn, their numbers stand
//! beside them as text, so that they can be read in any size, in print and aloud.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use chrono::NaiveDate;

use crate::model::payment::Benefit;
use crate::reports::html::page::escaped;
use crate::reports::rows::Rows;
use crate::reports::sentences::benefit_label;
use crate::reports::wording::Words;
use crate::verdict::outcome::Tally;
use crate::verdict::reason::Reason;
use crate::verdict::status::Status;

/// A line of a picture.
struct Line {
    label: String,
    /// Class and length of each piece of the bar, in thousandths of the longest.
    bar: Vec<(&'static str, u64)>,
    numbers: Vec<String>,
}

/// What the pictures show, gathered in one walk over all payments.
#[derive(Default)]
pub(super) struct Pictures {
    benefits: BTreeMap<String, [Tally; 3]>,
    days: BTreeMap<NaiveDate, [Tally; 3]>,
    /// Follow-ups by reason, with what people call it.
    reasons: BTreeMap<(Reason, &'static str), Tally>,
}

impl Pictures {
    /// All payments of a run.
    pub(super) fn of(rows: &Rows<'_>) -> Self {
        let mut all = Self::default();
        for judged in rows.outcome.all_payments() {
            let (amount, verdict) = (judged.payment.amount_or_zero(), &judged.verdict);
            let slot = Status::ALL.iter().position(|status| *status == verdict.status);
            let slot = slot.unwrap_or(0);
            let name = judged.payment.benefit.name();
            if !all.benefits.contains_key(name) {
                all.benefits.insert(name.to_owned(), <[Tally; 3]>::default());
            }
            if let Some(own) = all.benefits.get_mut(name).and_then(|own| own.get_mut(slot)) {
                own.add(amount);
            }
            match (verdict.status, verdict.credited_on) {
                (Status::FollowUp, _) => {
                    let reason = (verdict.reason, rows.reason_label(verdict));
                    all.reasons.entry(reason).or_default().add(amount);
                }
                (_, Some(day)) => {
                    if let Some(own) = all.days.entry(day).or_default().get_mut(slot) {
                        own.add(amount);
                    }
                }
                _ => {}
            }
        }
        all
    }

    /// Writes them.
    pub(super) fn write(
        &self,
        rows: &Rows<'_>,
        words: Words,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let title = words.pick("Bilder", "Pictures");
        writeln!(
            out,
            "<section id=\"pictures\" aria-labelledby=\"pictures-name\"><h2 id=\"pictures-name\">{title}</h2>\n<div class=\"pictures\">"
        )?;
        let numbers = |tally: &Tally| {
            vec![tally.count.to_string(), format!("{} €", words.amount(tally.amount))]
        };
        self.benefits(rows, words, out)?;
        let most = self.days.values().map(|parts| sum(parts).count).max().unwrap_or(0);
        let lines: Vec<Line> = self
            .days
            .iter()
            .map(|(day, parts)| Line {
                label: words.day(*day),
                bar: bar(parts, most),
                numbers: numbers(&sum(parts)),
            })
            .collect();
        let names = (
            words.pick("Gutschriften nach Tag", "Credits by day"),
            words.pick("Tag", "day"),
            [words.pick("Zahlungen", "payments"), words.pick("Summe", "sum")],
        );
        picture(names, &lines, &[Status::Credited, Status::Delayed], words, out)?;
        let most = self.reasons.values().map(|tally| tally.count).max().unwrap_or(0);
        let mut lines: Vec<(u64, Line)> = self
            .reasons
            .iter()
            .map(|((_, label), tally)| {
                let line = Line {
                    label: (*label).to_owned(),
                    bar: vec![(Status::FollowUp.name(), share(tally.count, most))],
                    numbers: numbers(tally),
                };
                (tally.count, line)
            })
            .collect();
        lines.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let lines: Vec<Line> = lines.into_iter().map(|(_, line)| line).collect();
        let names = (
            words.pick("Zu klären nach Grund", "Follow-ups by reason"),
            words.pick("Grund", "reason"),
            [words.pick("Zahlungen", "payments"), words.pick("Summe", "sum")],
        );
        picture(names, &lines, &[Status::FollowUp], words, out)?;
        writeln!(out, "</div></section>")
    }

    fn benefits(&self, rows: &Rows<'_>, words: Words, out: &mut dyn Write) -> io::Result<()> {
        let lines: Vec<Line> = self
            .benefits
            .iter()
            .map(|(name, parts)| {
                let label = match Benefit::read(name) {
                    Benefit::Unnamed => words.pick("ohne Angabe", "not stated").to_owned(),
                    _ => benefit_label(name, words.0),
                };
                let all = sum(parts);
                let counts: Vec<String> = parts.iter().map(|part| part.count.to_string()).collect();
                Line {
                    label: rows.text(&label),
                    bar: bar(parts, all.count),
                    numbers: vec![
                        counts.join(" / "),
                        percent(parts.first().map_or(0, |part| part.count), all.count, words),
                    ],
                }
            })
            .collect();
        let counts = Status::ALL.map(|status| words.status(status)).join(" / ");
        let names = (
            words.pick("Anteile nach Leistung", "Shares by benefit"),
            words.pick("Leistung", "benefit"),
            [counts.as_str(), words.status(Status::Credited)],
        );
        picture(names, &lines, &Status::ALL, words, out)
    }
}

fn sum(parts: &[Tally; 3]) -> Tally {
    parts.iter().fold(Tally::default(), |mut all, part| {
        all.add_all(*part);
        all
    })
}

/// A share in thousandths; what is there at all can be seen.
fn share(count: u64, all: u64) -> u64 {
    let share = count.saturating_mul(1000).checked_div(all).unwrap_or(0);
    if count > 0 { share.max(4) } else { 0 }
}

fn bar(parts: &[Tally; 3], all: u64) -> Vec<(&'static str, u64)> {
    Status::ALL
        .iter()
        .zip(parts)
        .map(|(status, part)| (status.name(), share(part.count, all)))
        .collect()
}

/// Rounded down: 100 % is all.
fn percent(count: u64, all: u64, words: Words) -> String {
    let tenths = count.saturating_mul(1000).checked_div(all).unwrap_or(0);
    let mark = words.pick(",", ".");
    let (whole, tenth) = (tenths.checked_div(10).unwrap_or(0), tenths.checked_rem(10).unwrap_or(0));
    if tenth == 0 { format!("{whole} %") } else { format!("{whole}{mark}{tenth} %") }
}

fn picture(
    (title, what, [first, second]): (&str, &str, [&str; 2]),
    lines: &[Line],
    legend: &[Status],
    words: Words,
    out: &mut dyn Write,
) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let picture = words.pick("Bild", "picture");
    writeln!(
        out,
        "<figure><table class=\"picture r2 r3\"><caption>{title}</caption><thead><tr><th scope=\"col\">{what}</th><td class=\"bar\"><span class=\"unseen\">{picture}</span></td><th scope=\"col\">{first}</th><th scope=\"col\">{second}</th></tr></thead><tbody>",
    )?;
    for line in lines {
        write!(
            out,
            "<tr><th scope=\"row\">{}</th><td class=\"bar\"><svg viewBox=\"0 0 1000 20\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
            escaped(&line.label)
        )?;
        let mut left = 0_u64;
        for (class, width) in line.bar.iter().filter(|(_, width)| *width > 0) {
            write!(out, "<rect class=\"{class}\" x=\"{left}\" width=\"{width}\" height=\"20\"/>")?;
            left = left.saturating_add(*width);
        }
        write!(out, "</svg></td>")?;
        for number in &line.numbers {
            write!(out, "<td>{}</td>", escaped(number))?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody></table><figcaption><ul class=\"legend\">")?;
    for status in legend {
        writeln!(
            out,
            "<li><svg viewBox=\"0 0 20 20\" aria-hidden=\"true\"><rect class=\"{}\" width=\"20\" height=\"20\"/></svg> {}</li>",
            status.name(),
            words.status(*status)
        )?;
    }
    writeln!(out, "</ul></figcaption></figure>")
}

//! The parts of a page that list payments. What many rows would say again (what to do, where files lie) is
//! said once, so that the page of a large month stays small.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use crate::model::amount::Amount;
use crate::model::payment::Benefit;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::reports::difference::Twins;
use crate::reports::difference::difference;
use crate::reports::html::data::Data;
use crate::reports::html::page::escaped;
use crate::reports::html::tables::Fold;
use crate::reports::html::tables::begin_part;
use crate::reports::html::tables::begin_table;
use crate::reports::html::tables::end_part;
use crate::reports::html::tables::end_table;
use crate::reports::html::tables::write_row;
use crate::reports::html::tables::write_table;
use crate::reports::rows::Rows;
use crate::reports::section::Section;
use crate::reports::section::columns;
use crate::reports::sections::credited_head;
use crate::reports::sections::who;
use crate::reports::wording::Words;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::reason::Actor;
use crate::verdict::reason::Reason;
use crate::verdict::status::Status;

/// The parts that list payments, and what of them goes into the data.
pub(super) struct Payments<'a> {
    pub(super) rows: Rows<'a>,
    pub(super) words: Words,
    pub(super) data: Data,
    /// The folder that all files lie in.
    pub(super) shared: String,
}

impl Payments<'_> {
    fn place(&self, place: Place) -> String {
        let path = self.rows.path(place);
        format!("{}:{}", path.strip_prefix(&self.shared).unwrap_or(&path), self.rows.line(place))
    }

    /// The list row and the bank entries of a payment.
    fn proof(&self, judged: &JudgedPayment) -> String {
        let cited = judged.verdict.entries.iter().map(|cited| self.place(cited.place));
        let all: Vec<String> =
            std::iter::once(self.place(judged.payment.place)).chain(cited).collect();
        all.join(" ")
    }

    fn case(&self, judged: &JudgedPayment) -> String {
        judged.payment.case_id.as_deref().map(|id| self.rows.text(id)).unwrap_or_default()
    }

    fn shown(&self, judged: &JudgedPayment) -> bool {
        self.rows.options.filter.holds(judged)
    }

    /// Follow-ups: who has to act, then the reason with what to do, then the payments.
    pub(super) fn follow_ups(&mut self, twins: &Twins, out: &mut dyn Write) -> io::Result<()> {
        let (rows, words) = (self.rows, self.words);
        for actor in Actor::ALL {
            let mut groups: BTreeMap<(Reason, String), Vec<_>> = BTreeMap::new();
            let mut count = 0_usize;
            for judged in rows.outcome.payments_of(Status::FollowUp) {
                let is_shown = self.shown(&judged) && !rows.is_told_once(&judged);
                if judged.verdict.actor == Some(actor) && is_shown {
                    let action = rows.action(&judged.verdict).unwrap_or_default();
                    groups.entry((judged.verdict.reason, action)).or_default().push(judged);
                    count = count.saturating_add(1);
                }
            }
            if groups.is_empty() {
                continue;
            }
            let id = format!("follow-up-{}", actor.name());
            let title = format!(
                "{}: {} ({count})",
                words.pick("Zu klären", "Follow-up"),
                actor.label(words.0)
            );
            begin_part(&id, &title, Fold::Open, out)?;
            for ((reason, action), own) in groups {
                let name = format!("{} ({})", reason.label(words.0), own.len());
                writeln!(out, "<div class=\"group\"><h3>{}</h3>", escaped(&name))?;
                if !action.is_empty() {
                    writeln!(out, "<p>{}</p>", escaped(&action))?;
                }
                let differing: Vec<Option<String>> =
                    own.iter().map(|judged| difference(&rows, judged, twins)).collect();
                let decisions: Vec<String> =
                    own.iter().map(|judged| rows.decision(judged)).collect();
                let differs = differing.iter().any(Option::is_some);
                let decided = decisions.iter().any(|text| !text.is_empty());
                let mut section = head(
                    name,
                    &[("Az.", "case"), ("Name", "name"), ("Betrag €", "amount €")],
                    words,
                );
                if differs {
                    section.header.push(words.pick("Was abweicht", "what differs").to_owned());
                }
                section.header.push(words.pick("Beleg", "proof").to_owned());
                if decided {
                    section.header.push(words.pick("Entscheidung", "decision").to_owned());
                }
                begin_table(&section, Some(self.data.next()), out)?;
                for (number, judged) in own.iter().enumerate() {
                    let differing = differing.get(number).and_then(Option::as_deref);
                    let amount = judged.payment.amount.map(|amount| words.amount(amount));
                    let mut row =
                        vec![self.case(judged), who(&rows, judged), amount.unwrap_or_default()];
                    if differs {
                        row.push(differing.unwrap_or_default().to_owned());
                    }
                    row.push(self.proof(judged));
                    if decided {
                        row.push(decisions.get(number).cloned().unwrap_or_default());
                    }
                    write_row(&row, out)?;
                    self.data.add(&rows, judged, differing, &self.shared);
                }
                end_table(out)?;
                writeln!(out, "</div>")?;
            }
            end_part(out)?;
        }
        // What is told once, above all else, is found all the same.
        for judged in rows.outcome.payments_of(Status::FollowUp) {
            if self.shown(&judged) && rows.is_told_once(&judged) {
                self.data.add(&rows, &judged, None, &self.shared);
            }
        }
        Ok(())
    }

    /// Delayed payments.
    pub(super) fn delays(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let (rows, words) = (self.rows, self.words);
        let late: Vec<_> =
            rows.outcome.payments_of(Status::Delayed).filter(|judged| self.shown(judged)).collect();
        if late.is_empty() {
            return Ok(());
        }
        let title = format!("{} ({})", words.pick("Verzögert", "Delayed"), late.len());
        let mut section = head(
            title,
            &[
                ("Az.", "case"),
                ("Name", "name"),
                ("Betrag €", "amount €"),
                ("Grund", "reason"),
                ("erwartet", "expected"),
                ("Beleg", "proof"),
            ],
            words,
        );
        let decisions: Vec<String> = late.iter().map(|judged| rows.decision(judged)).collect();
        let decided = decisions.iter().any(|text| !text.is_empty());
        if decided {
            section.header.push(words.pick("Entscheidung", "decision").to_owned());
        }
        begin_part("delayed", &section.title, Fold::Open, out)?;
        begin_table(&section, Some(self.data.next()), out)?;
        for (judged, decision) in late.iter().zip(decisions) {
            let day = judged.verdict.credited_on.unwrap_or(rows.outcome.horizon);
            let mut row = vec![
                self.case(judged),
                who(&rows, judged),
                words.amount(judged.payment.amount_or_zero()),
                judged.verdict.reason.label(words.0).to_owned(),
                words.day(day),
                self.proof(judged),
            ];
            if decided {
                row.push(decision);
            }
            write_row(&row, out)?;
            self.data.add(&rows, judged, None, &self.shared);
        }
        end_table(out)?;
        end_part(out)
    }

    /// The majority that is fine: for readers without scripts a table, for the others in the data only.
    pub(super) fn credited(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let (rows, words) = (self.rows, self.words);
        let filter = &rows.options.filter;
        let is_asked = filter.statuses.is_empty() || filter.statuses.contains(&Status::Credited);
        if !is_asked || !filter.actors.is_empty() {
            return Ok(());
        }
        let Some(mut section) = credited_head(&rows, words) else { return Ok(()) };
        let by = words.pick("Beleg (Datei:Zeile)", "proof (file:line)");
        if let Some(proof) = section.header.last_mut() {
            by.clone_into(proof);
        }
        begin_part("credited", &section.title, Fold::Folded, out)?;
        writeln!(out, "<noscript>")?;
        let note = words.pick(
            "Die Dateien sind mit ihrer Nummer unter „Gelesene Dateien“ genannt.",
            "Files are named by their number under “Files read”.",
        );
        writeln!(out, "<p>{note}</p>")?;
        begin_table(&section, None, out)?;
        let numbered =
            |place: Place| format!("{}:{}", number_of(place.file), self.rows.line(place));
        for judged in rows.outcome.payments_of(Status::Credited) {
            if !self.shown(&judged) {
                continue;
            }
            let cited = judged.verdict.entries.iter().map(|cited| numbered(cited.place));
            let proof: Vec<String> =
                std::iter::once(numbered(judged.payment.place)).chain(cited).collect();
            write_row(
                &[
                    self.case(&judged),
                    who(&rows, &judged),
                    words.amount(judged.payment.amount_or_zero()),
                    judged.verdict.reason.label(words.0).to_owned(),
                    judged.verdict.credited_on.map(|day| words.day(day)).unwrap_or_default(),
                    judged.verdict.evidence.name().to_owned(),
                    proof.join(" "),
                ],
                out,
            )?;
            self.data.add(&rows, &judged, None, &self.shared);
        }
        end_table(out)?;
        writeln!(out, "</noscript>")?;
        end_part(out)
    }

    /// Care homes: sums and states of each.
    pub(super) fn homes(&self, out: &mut dyn Write) -> io::Result<()> {
        let words = self.words;
        let mut homes: BTreeMap<String, (Amount, [u64; 3])> = BTreeMap::new();
        for judged in self.rows.outcome.all_payments() {
            let row = &judged.payment;
            let is_home = row.benefit == Benefit::CareHome || row.facility.is_some();
            if !is_home || !self.shown(&judged) {
                continue;
            }
            let name = row.facility.as_deref().or(row.payee.as_deref()).unwrap_or_default();
            let home = homes.entry(self.rows.text(name)).or_default();
            home.0 = home.0.plus(row.amount_or_zero());
            let slot = Status::ALL.iter().position(|status| *status == judged.verdict.status);
            if let Some(count) = slot.and_then(|slot| home.1.get_mut(slot)) {
                *count = count.saturating_add(1);
            }
        }
        if homes.is_empty() {
            return Ok(());
        }
        let mut section = head(
            words.pick("Pflegeheime", "Care homes").to_owned(),
            &[
                ("Einrichtung", "facility"),
                ("Bewohner", "residents"),
                ("Summe €", "sum €"),
                ("gutgeschrieben", "credited"),
                ("verzögert", "delayed"),
                ("zu klären", "follow-up"),
            ],
            words,
        );
        section.right = (1..6).collect();
        section.rows = homes
            .into_iter()
            .map(|(name, (sum, counts))| {
                let all = counts.iter().fold(0_u64, |all, count| all.saturating_add(*count));
                let mut row = vec![name, all.to_string(), words.amount(sum)];
                row.extend(counts.iter().map(u64::to_string));
                row
            })
            .collect();
        begin_part("homes", &section.title, Fold::Folded, out)?;
        write_table(&section, None, section.rows.iter(), out)?;
        end_part(out)
    }
}

/// The number of a file in the list of files, from 1.
pub(super) fn number_of(file: FileId) -> String {
    u64::from(file.0).saturating_add(1).to_string()
}

fn head(title: String, names: &[(&str, &str)], words: Words) -> Section {
    Section { title, header: columns(names, words), right: vec![2], ..Section::default() }
}

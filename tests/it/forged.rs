//! `audit` against forgers: payments that need a person are made out to be credited, with bookings that look the part and
//! sums that agree. What the engine would have to get wrong, the audit has to find.

use chrono::NaiveDate;
use gutschrift::audit::calendar::BankingDays;
use gutschrift::model::amount::Amount;
use gutschrift::model::inputs::Inputs;
use serde_json::Value;
use serde_json::json;

use crate::audit::code;
use crate::audit::loaded;
use crate::audit::run_in;

/// How a forger says that it was paid, and by which rule.
const WAYS: [(&str, &str); 7] = [
    ("booked", "end-to-end-id"),
    ("booked", "reference"),
    ("booked", "iban-and-amount"),
    ("batch", "batch"),
    ("merged", "merged"),
    ("split", "split"),
    ("repaid", "end-to-end-id"),
];

/// A month and its result.
struct Month {
    name: String,
    result: Value,
    inputs: Inputs,
}

fn amount(text: &Value) -> Amount {
    Amount::from_iso(text.as_str().unwrap_or("0.00")).unwrap_or_default()
}

fn day(value: &Value) -> Option<NaiveDate> {
    value.as_str()?.parse().ok()
}

fn is_debit(entry: &Value) -> bool {
    amount(&entry["amount"]) < Amount::ZERO
}

/// Whether an entry of the result and a cited one are the same.
fn is_same(left: &Value, right: &Value) -> bool {
    ["file", "line", "amount", "booking_date"].iter().all(|name| left[name] == right[name])
}

/// Makes a payment out to be credited or delayed by these bookings; false where no day would fit.
fn make_out(
    result: &mut Value,
    payment: usize,
    entries: &[Value],
    way: (&str, &str),
    level: &str,
) -> bool {
    let days = BankingDays::default();
    let debits = entries.iter().filter(|entry| is_debit(entry));
    let booked =
        debits.filter_map(|entry| day(&entry["booking_date"]).max(day(&entry["value_date"])));
    let Some(booked) = booked.max() else { return false };
    let is_cautious = result["run"]["crediting"] == "next-day";
    let late_until = day(&result["run"]["options"]["late_until"]);
    let claim = &mut result["payments"][payment];
    let due = day(&claim["due"]).unwrap();
    let credited = if is_cautious { days.after(booked, 1) } else { booked };
    let horizon = late_until.unwrap_or_else(|| days.after(due, 1));
    if credited > horizon {
        return false;
    }
    let latest = days.after(booked, 1);
    let (status, reason) =
        if credited <= due { ("credited", way.0) } else { ("delayed", "booked-late") };
    let cited = |own: &Value| {
        let mut cited = json!({});
        for name in ["file", "line", "booking_date", "value_date", "amount"] {
            cited[name] = own[name].clone();
        }
        cited
    };
    let cited: Vec<Value> = entries.iter().map(cited).collect();
    for (name, value) in [
        ("status", json!(status)),
        ("reason", json!(reason)),
        ("how", json!(way.0)),
        ("rule", json!(way.1)),
        ("evidence", json!(level)),
        ("booked_on", json!(booked.to_string())),
        ("credited_on", json!(credited.to_string())),
        ("latest_credit", json!(latest.to_string())),
        ("guaranteed", json!(latest <= due)),
        ("credited_amount", claim["amount"].clone()),
        ("entries", json!(cited)),
        ("needs_person", json!(false)),
    ] {
        claim[name] = value;
    }
    for name in ["reason_code", "reason_text", "actor", "action", "resolution"] {
        claim[name] = Value::Null;
    }
    true
}

/// Makes bookings what goes with who cites them, and all sums anew.
fn balance(result: &mut Value, way: &str) {
    let payments = result["payments"].as_array().unwrap().clone();
    let is_cited = |entry: &Value| {
        let mut cited = payments.iter().flat_map(|own| own["entries"].as_array().unwrap());
        cited.any(|own| is_same(own, entry))
    };
    let entries = result["bank_entries"].as_array_mut().unwrap();
    for entry in entries.iter_mut() {
        let told = entry["disposition"].as_str().unwrap().to_owned();
        let of = if way == "batch" { "batch" } else { "matched" };
        let now = match (is_cited(entry), is_debit(entry)) {
            (true, true) if !["matched", "batch", "duplicate-export"].contains(&told.as_str()) => {
                of
            }
            (true, true) if told == "matched" && way == "batch" => "batch",
            (true, false) if told != "duplicate-export" => "return",
            (false, true) if ["matched", "batch"].contains(&told.as_str()) => "unlisted-debit",
            (false, false) if told == "return" => "unrelated",
            _ => &told,
        };
        entry["disposition"] = json!(now);
    }
    let entries = entries.clone();
    let sum = |all: Vec<&Value>| {
        let sum: Amount = all.iter().map(|own| amount(&own["amount"]).abs()).sum();
        json!({"count": all.len(), "amount": sum.to_string()})
    };
    let totals = &mut result["totals"];
    for status in ["credited", "delayed", "follow-up"] {
        totals[status] = sum(payments.iter().filter(|own| own["status"] == status).collect());
    }
    totals["open"] = sum(payments.iter().filter(|own| own["needs_person"] == true).collect());
    let mut rest = (
        totals["bank_debits"]["count"].as_u64().unwrap(),
        amount(&totals["bank_debits"]["amount"]),
    );
    for (name, told) in [("matched", "matched"), ("batch", "batch"), ("unlisted", "unlisted-debit")]
    {
        let of = |own: &&Value| own["disposition"] == told && is_debit(own);
        totals[name] = sum(entries.iter().filter(of).collect());
        rest.0 = rest.0.saturating_sub(totals[name]["count"].as_u64().unwrap());
        rest.1 = rest.1.minus(amount(&totals[name]["amount"]));
    }
    totals["unrelated"] = json!({"count": rest.0, "amount": rest.1.to_string()});
    for (name, told) in [("returned", "return"), ("unassigned_returns", "unassigned-return")] {
        totals[name] = sum(entries.iter().filter(|own| own["disposition"] == told).collect());
    }
}

/// What was tried, and what passed for proven.
#[derive(Default)]
struct Tried {
    count: usize,
    passed: Vec<String>,
}

impl Month {
    /// Tries every level of evidence for payments that share bookings.
    fn attempt(&self, tried: &mut Tried, payments: &[usize], entries: &[Value], way: (&str, &str)) {
        let levels: &[&str] = if way.0 == "batch" { &["E4", "E6"] } else { &["E5", "E6"] };
        for level in levels {
            let mut forged = self.result.clone();
            let all = payments.iter();
            if !all.fold(true, |fits, own| fits & make_out(&mut forged, *own, entries, way, level))
            {
                return;
            }
            balance(&mut forged, way.0);
            tried.count += 1;
            if code(&forged, &self.inputs) == Some(0) {
                let places: Vec<String> =
                    entries.iter().map(|own| format!("{}:{}", own["file"], own["line"])).collect();
                let first = &self.result["payments"][payments[0]];
                tried.passed.push(format!(
                    "{}: {} ({}) {way:?} {level} by {}",
                    self.name,
                    first["case_id"],
                    first["reason"],
                    places.join(", ")
                ));
            }
        }
    }

    /// Forges every payment that needs a person, alone and together with others.
    fn forge(&self, tried: &mut Tried) {
        let payments = self.result["payments"].as_array().unwrap();
        let entries = self.result["bank_entries"].as_array().unwrap();
        let follow_ups = payments.iter().enumerate();
        let follow_ups: Vec<(usize, &Value)> = follow_ups
            .filter(|(_, own)| own["status"] == "follow-up" && own["amount"].is_string())
            .collect();
        let told_once = |own: &&Value| own["disposition"] != "duplicate-export";
        for (number, claim) in &follow_ups {
            let cited = claim["entries"].as_array().unwrap();
            let is_cited = |own: &&Value| cited.iter().any(|cited| is_same(cited, own));
            let own: Vec<Value> = entries.iter().filter(is_cited).cloned().collect();
            let owed = amount(&claim["amount"]);
            let singles = entries.iter().filter(told_once).filter(|own| {
                is_debit(own) && (amount(&own["amount"]).abs() == owed || is_cited(own))
            });
            for single in singles {
                for way in &WAYS[..5] {
                    self.attempt(tried, &[*number], std::slice::from_ref(single), *way);
                }
            }
            if own.len() > 1 {
                for way in WAYS {
                    self.attempt(tried, &[*number], &own, way);
                }
            }
        }
        // All that cite one booking, and all that cite nothing where a booking has their sum.
        for entry in entries.iter().filter(|own| is_debit(own)) {
            let cite = |own: &Value| {
                own["entries"].as_array().unwrap().iter().any(|cited| is_same(cited, entry))
            };
            let all = |wanted: &dyn Fn(&Value) -> bool| -> Vec<usize> {
                let wanted = follow_ups.iter().filter(|(_, own)| wanted(own));
                wanted.map(|(number, _)| *number).collect()
            };
            let citing = all(&cite);
            let lost = all(&|own: &Value| own["reason"] == "not-found");
            let sum: Amount = lost.iter().map(|own| amount(&payments[*own]["amount"])).sum();
            let lost = if sum == amount(&entry["amount"]).abs() { lost } else { Vec::new() };
            for together in [citing, lost].iter().filter(|all| all.len() > 1) {
                for way in &WAYS[3..5] {
                    self.attempt(tried, together, std::slice::from_ref(entry), *way);
                }
            }
        }
    }
}

/// The samples with a payment that needs a person; larger ones are asked in other tests.
fn samples() -> Vec<String> {
    const OF_EVIDENCE: [&str; 4] = [
        "export-beside-a-statement-that-ties",
        "iso-netted-entry-with-opposite-detail",
        "iso-utc-period-covers-too-much",
        "months-order-pays-another-account-no-ids",
    ];
    let months = crate::month::months().into_iter();
    let names = months.map(|month| month.strip_prefix("samples").unwrap().display().to_string());
    let names = names.filter(|name| name != "2023-11-county");
    names.chain(OF_EVIDENCE.map(|name| format!("evidence/{name}"))).collect()
}

#[test]
fn no_payment_of_the_samples_can_be_made_out_to_be_credited() {
    let mut tried = Tried::default();
    for name in samples() {
        let Some((result, inputs)) = loaded(&name) else { continue };
        if code(&result, &inputs) != Some(0) {
            continue;
        }
        Month { name, result, inputs }.forge(&mut tried);
    }
    assert!(tried.count > 1000, "{}", tried.count);
    let passed = tried.passed;
    assert!(passed.is_empty(), "{} of {}\n{}", passed.len(), tried.count, passed.join("\n"));
}

#[test]
fn simulated_months_are_proven_and_forgeries_of_them_refuted() {
    for (seed, mix, format, more) in [
        ("11", "hostile", "sparkasse-csv", &[][..]),
        ("12", "emergency", "camt.053", &["--with-order", "--batch"]),
        ("13", "hostile", "mt940", &["--with-order"]),
        ("14", "hostile", "vr-csv", &["--batch"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        let (out, files, saved, forged) = (at("m"), at("m/month"), at("r.json"), at("f.json"));
        let asked = ["--payments", "90", "--seed", seed, "--mix", mix, "--bank-format", format];
        let made =
            run_in(folder.path(), &[&["simulate", "--out", &out][..], &asked, more].concat());
        assert!(made.status.success(), "{seed}");
        let verify = ["verify", &files, "--month", "2023-11", "-q", "--output", &saved];
        assert_eq!(run_in(folder.path(), &verify).status.code(), Some(1), "{seed}");
        let audit = |result: &str| {
            let done = run_in(folder.path(), &["audit", result, &files, "--lang", "en"]);
            (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
        };
        let (code, said) = audit(&saved);
        assert_eq!(code, Some(0), "{seed}: {said}");
        let result: Value =
            serde_json::from_str(&std::fs::read_to_string(&saved).unwrap()).unwrap();
        let all = result["payments"].as_array().unwrap();
        let first = |test: &dyn Fn(&Value) -> bool| all.iter().position(test);
        let credited = first(&|own| own["status"] == "credited" && own["entries"][0].is_object());
        let credited = credited.unwrap();
        let (lost, back) = (
            first(&|own| own["reason"] == "not-found"),
            first(&|own| {
                own["reason"] == "returned" && own["entries"].as_array().unwrap().len() > 1
            }),
        );
        let free: Vec<Value> = result["bank_entries"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|own| is_debit(own) && own["disposition"] == "unlisted-debit")
            .cloned()
            .collect();
        let mut forgeries: Vec<(&str, Value)> = Vec::new();
        for (what, name, value) in [
            ("amount", "amount", json!("563.01")),
            ("day", "booked_on", json!("2023-11-28")),
            ("id", "end_to_end_id", json!("SOZ2311-X")),
            ("place", "source", json!({"file": all[credited]["source"]["file"], "line": 1})),
        ] {
            let mut forged = result.clone();
            forged["payments"][credited][name] = value;
            forgeries.push((what, forged));
        }
        for (entry, lost) in free.iter().take(3).filter_map(|own| Some((own, lost?))) {
            let mut forged = result.clone();
            if make_out(&mut forged, lost, std::slice::from_ref(entry), WAYS[2], "E6") {
                balance(&mut forged, "booked");
                forgeries.push(("verdict", forged));
            }
        }
        if let Some(back) = back {
            let mut forged = result.clone();
            let cited = all[back]["entries"].as_array().unwrap();
            let debits: Vec<Value> = cited.iter().filter(|own| is_debit(own)).cloned().collect();
            if make_out(&mut forged, back, &debits, WAYS[0], "E6") {
                balance(&mut forged, "booked");
                forgeries.push(("return left out", forged));
            }
        }
        assert!(forgeries.len() > 3, "{seed}");
        for (what, result) in forgeries {
            std::fs::write(&forged, result.to_string()).unwrap();
            assert_eq!(audit(&forged).0, Some(1), "{seed}: {what}");
        }
    }
}

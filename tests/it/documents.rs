//! The promises of `docs/` name the tests that hold them: what is named is there, and has tests.

use std::fs;
use std::path::Path;

/// All pages.
fn pages(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// What stands between backticks in `(Test: …)` and `(Tests: …)`.
fn named(page: &str) -> Vec<String> {
    let mut names = Vec::new();
    for begin in ["(Test: ", "(Tests: ", "(Tests:\n"] {
        for rest in page.split(begin).skip(1) {
            let inside = rest.split(')').next().unwrap();
            names.extend(inside.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    names
}

fn has_tests(path: &Path) -> bool {
    if path.is_dir() {
        return fs::read_dir(path).unwrap().any(|entry| has_tests(&entry.unwrap().path()));
    }
    fs::read_to_string(path)
        .is_ok_and(|text| text.contains("#[test]") || text.contains("proptest!"))
}

#[test]
fn tests_that_pages_name_are_there() {
    let mut all = Vec::new();
    pages(Path::new("docs"), &mut all);
    let mut count = 0;
    for (page, text) in all {
        for name in named(&text) {
            count += 1;
            let module = Path::new("src").join(name.replace("::", "/"));
            let places = [module.with_extension("rs"), module, Path::new(&name).to_owned()];
            let is_sample = name.starts_with("samples/") && Path::new(&name).exists();
            assert!(
                is_sample || places.iter().any(|path| has_tests(path)),
                "{page} names `{name}`, which has no tests"
            );
        }
    }
    assert!(count > 20, "only {count} tests are named");
}

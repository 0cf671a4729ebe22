//! The dependency rule (DESIGN.md, "Architecture"): a module depends only on modules that lib.rs lists below it, no two
//! files depend on each other, and only lib.rs and `edge` name the `worker` crate.
//!
//! Dependencies are read from the `use` declarations and paths of the source, without tests.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use syn::{
    Attribute, Ident, Item, UseTree,
    visit::{self, Visit},
};

/// The path of a module, without `crate`.
type Module = Vec<String>;

/// The crate: the source of each module that has a file.
struct Crate(BTreeMap<Module, syn::File>);

impl Crate {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = Vec::new();
        find_files(&root, &mut files);
        let modules = files.into_iter().map(|file| {
            let source = fs::read_to_string(&file).unwrap();
            (module_of(file.strip_prefix(&root).unwrap()), syn::parse_file(&source).unwrap())
        });
        Self(modules.collect())
    }

    /// Returns the modules that each module depends on.
    fn dependencies(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let of = |(module, file): (&Module, &syn::File)| {
            let mut paths = Paths::default();
            paths.visit_file(file);
            let resolved = paths.0.iter().filter_map(|path| self.resolve(module, path));
            (module.clone(), resolved.filter(|target| target != module).collect())
        };
        self.0.iter().map(of).collect()
    }

    /// Returns the module whose file defines or re-exports what a path names, if it is in this crate.
    fn resolve(&self, module: &Module, path: &[String]) -> Option<Module> {
        let mut absolute = match path.first()?.as_str() {
            "crate" => Vec::new(),
            "self" => module.clone(),
            "super" => module.split_last()?.1.to_vec(),
            // A child of the module, as in `pub use child::Item`.
            first if self.0.contains_key(&child(module, first)) => child(module, first),
            _ => return None,
        };
        for segment in &path[1..] {
            if segment == "super" {
                absolute.pop();
            } else {
                absolute.push(segment.clone());
            }
        }
        while !self.0.contains_key(&absolute) {
            absolute.pop()?;
        }
        Some(absolute)
    }
}

fn child(module: &[String], name: &str) -> Module {
    [module, &[name.to_owned()]].concat()
}

fn find_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("tests") {
            find_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            files.push(path);
        }
    }
}

fn module_of(file: &Path) -> Module {
    let mut module: Module =
        file.with_extension("").iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib")) {
        module.pop();
    }
    module
}

/// Collects all paths of a file, except those of tests.
#[derive(Default)]
struct Paths(Vec<Vec<String>>);

impl Paths {
    fn add_use(&mut self, prefix: &[String], tree: &UseTree) {
        let with = |ident: &Ident| [prefix, &[ident.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.add_use(&with(&path.ident), &path.tree),
            UseTree::Name(name) if name.ident == "self" => self.0.push(prefix.to_vec()),
            UseTree::Name(name) => self.0.push(with(&name.ident)),
            UseTree::Rename(rename) => self.0.push(with(&rename.ident)),
            UseTree::Glob(_) => self.0.push(prefix.to_vec()),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_use(prefix, tree)),
        }
    }
}

impl<'a> Visit<'a> for Paths {
    fn visit_item(&mut self, item: &'a Item) {
        let attributes: &[Attribute] = match item {
            Item::Mod(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            _ => &[],
        };
        let is_test = attributes.iter().any(|attribute| {
            attribute.path().is_ident("cfg")
                && attribute.parse_args::<Ident>().is_ok_and(|condition| condition == "test")
        });
        if !is_test {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        self.add_use(&[], &item.tree);
    }

    /// `pub(super)` and similar visibilities are not dependencies.
    fn visit_visibility(&mut self, _: &'a syn::Visibility) {}

    /// syn doesn't parse the arguments of a macro, so this looks for paths in their text.
    fn visit_macro(&mut self, call: &'a syn::Macro) {
        if !call.path.is_ident("macro_rules") {
            let text = call.tokens.to_string().replace(" :: ", "::");
            let paths = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':')));
            let paths = paths.map(|path| path.split("::").map(str::to_owned).collect::<Vec<_>>());
            self.0.extend(paths.filter(|path| path.len() > 1));
        }
        visit::visit_macro(self, call);
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        self.0.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }
}

/// Returns a cycle, if there is one.
fn cycle<Node: Clone + Ord>(graph: &BTreeMap<Node, BTreeSet<Node>>) -> Option<Vec<Node>> {
    fn search<Node: Clone + Ord>(
        node: &Node,
        graph: &BTreeMap<Node, BTreeSet<Node>>,
        path: &mut Vec<Node>,
        done: &mut BTreeSet<Node>,
    ) -> Option<Vec<Node>> {
        if let Some(start) = path.iter().position(|earlier| earlier == node) {
            return Some(path[start..].to_vec());
        }
        if !done.insert(node.clone()) {
            return None;
        }
        path.push(node.clone());
        let found = graph.get(node)?.iter().find_map(|next| search(next, graph, path, done));
        path.pop();
        found
    }
    let mut done = BTreeSet::new();
    graph.keys().find_map(|node| search(node, graph, &mut Vec::new(), &mut done))
}

#[test]
fn no_two_files_depend_on_each_other() {
    let dependencies = Crate::read().dependencies();
    assert!(dependencies.len() > 50, "the source was not found");
    assert_eq!(cycle(&dependencies), None);
}

#[test]
fn a_module_depends_only_on_modules_that_lib_rs_lists_below_it() {
    let source = Crate::read();
    let layers: Vec<String> = source.0[&Vec::new()]
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Mod(module) => Some(module.ident.to_string()),
            _ => None,
        })
        .collect();
    let layer =
        |module: &Module| layers.iter().position(|name| *name == module[0]).expect("listed in lib.rs");
    for (module, targets) in source.dependencies() {
        if module.is_empty() {
            continue;
        }
        for target in targets {
            assert!(!target.is_empty(), "{} depends on lib.rs", module.join("::"));
            assert!(
                target[0] == module[0] || layer(&target) > layer(&module),
                "{} depends on {}, which is above it",
                module.join("::"),
                target.join("::"),
            );
        }
    }
}

#[test]
fn only_lib_rs_and_edge_name_the_worker_crate() {
    for (module, file) in &Crate::read().0 {
        let mut paths = Paths::default();
        paths.visit_file(file);
        let names_worker = paths
            .0
            .iter()
            .any(|path| matches!(path[0].as_str(), "worker" | "wasm_bindgen" | "js_sys" | "web_sys"));
        let may = module.first().is_none_or(|first| first == "edge");
        assert!(!names_worker || may, "{} names the Workers runtime", module.join("::"));
    }
}

/// So that a module and its children can't depend on each other, and a reader knows where to look for the code.
#[test]
fn a_mod_rs_only_lists_and_re_exports() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    find_files(&root, &mut files);
    files.retain(|file| file.ends_with("mod.rs"));
    assert!(files.len() > 5, "the source was not found");
    for file in files {
        for item in syn::parse_file(&fs::read_to_string(&file).unwrap()).unwrap().items {
            let is_listing = match item {
                Item::Mod(item) => item.content.is_none(),
                Item::Use(_) => true,
                // Expands to the `mod` lines of the languages.
                Item::Macro(item) => item.mac.path.is_ident("for_each_language"),
                _ => false,
            };
            assert!(is_listing, "{} contains more than `mod` and `use`", file.display());
        }
    }
}

#[test]
fn paths_in_macros_are_found() {
    let file =
        syn::parse_file("fn f() { assert!(matches!(x as crate::edge::Runtime, _), return worker::now()) }")
            .unwrap();
    let mut paths = Paths::default();
    paths.visit_file(&file);
    for path in ["crate::edge::Runtime", "worker::now"] {
        assert!(paths.0.iter().any(|found| found.join("::") == path), "{path}");
    }
}

#[test]
fn a_path_leads_to_the_file_that_it_names() {
    let empty = || syn::parse_file("").unwrap();
    let modules = ["a", "a::b", "a::c", "d"];
    let of = |path: &str| path.split("::").map(str::to_owned).collect::<Module>();
    let source = Crate(modules.iter().map(|module| (of(module), empty())).collect());
    for (module, path, target) in [
        ("d", "crate::a::b::Item", Some("a::b")),
        ("d", "crate::a::Item", Some("a")),
        ("a", "self::b::Item", Some("a::b")),
        ("a", "b::Item", Some("a::b")),
        ("a::b", "super::Item", Some("a")),
        ("a::b", "super::c::Item", Some("a::c")),
        ("a::b", "super::super::d::Item", Some("d")),
        ("a::b", "c::Item", None),
        ("d", "std::fmt", None),
    ] {
        assert_eq!(source.resolve(&of(module), &of(path)), target.map(of), "{path} in {module}");
    }
}

#[test]
fn a_cycle_is_found() {
    let graph = |edges: &[(u8, u8)]| {
        let mut graph: BTreeMap<u8, BTreeSet<u8>> = BTreeMap::new();
        for (from, to) in edges {
            graph.entry(*from).or_default().insert(*to);
            graph.entry(*to).or_default();
        }
        graph
    };
    assert_eq!(cycle(&graph(&[(1, 2), (2, 3), (1, 3), (4, 1)])), None);
    assert_eq!(cycle(&graph(&[(1, 2), (2, 3), (3, 2)])), Some(vec![2, 3]));
}

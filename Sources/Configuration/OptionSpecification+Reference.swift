/// The reference page of option lists, in Markdown.
public enum OptionReference {
  /// A heading for every mapping, and a row for every key.
  ///
  /// The keys of the file itself stand under `heading`; every mapping below them has a heading of
  /// its own, named by its path, in which NAME stands for a name of the user's choice.
  public static func markdown(heading: String, _ options: [OptionSpecification]) -> String {
    var page = "## \(heading)\n"
    table(options, path: "", into: &page)
    nested(options, path: "", into: &page)
    return page
  }

  /// A table of keys: what may be written, what happens without them, and what they mean.
  public static func table(_ options: [OptionSpecification], path: String) -> String {
    var text = ""
    table(options, path: path, into: &text)
    return text
  }

  private static func nested(
    _ options: [OptionSpecification], path: String, into page: inout String
  ) {
    for option in options where !option.isRefused {
      let inner = path.isEmpty ? option.name : "\(path).\(option.name)"
      nested(option.kind, path: inner, help: option.help, into: &page)
    }
  }

  private static func nested(
    _ kind: OptionKind, path: String, help: String, into page: inout String
  ) {
    switch kind {
    case .section(let options):
      heading("`\(path)`", help, path, into: &page)
      table(options, path: path, into: &page)
      nested(options, path: path, into: &page)
    case .table(let row): nested(row, path: path + ".NAME", help: help, into: &page)
    case .list(let item): nested(item, path: path, help: help, into: &page)
    case .variants(let variants):
      heading("`\(path)`", help, path, into: &page)
      let choice = variants.variants.map {
        "[`\($0.name)`](#\(variants.key)-\(anchor($0.name)))"
      }
      tableHead(into: &page)
      page += "| `\(variants.key)` | \(choice.joined(separator: ", ")) | error |"
      page += " \(sentence(variants.help + "; each has keys of its own")) |\n"
      rows(variants.common, path: path, into: &page)
      nested(variants.common, path: path, into: &page)
      for variant in variants.variants {
        heading("`\(variants.key): \(variant.name)`", variant.help, path + ".", into: &page)
        if !variant.options.isEmpty { table(variant.options, path: path, into: &page) }
        if !variant.note.isEmpty { page += "\n" + variant.note }
        nested(variant.options, path: path, into: &page)
      }
    default: break
    }
  }

  private static func heading(
    _ title: String, _ help: String, _ path: String, into page: inout String
  ) {
    let depth = path.split(separator: ".", omittingEmptySubsequences: false)
      .filter { $0 != "NAME" }.count
    page += "\n\(String(repeating: "#", count: min(depth + 1, 5))) \(title)\n\n\(sentence(help))\n"
  }

  private static func table(
    _ options: [OptionSpecification], path: String, into page: inout String
  ) {
    tableHead(into: &page)
    rows(options, path: path, into: &page)
  }

  private static func tableHead(into page: inout String) {
    page += "\n| key | value | without it | meaning |\n|---|---|---|---|\n"
  }

  private static func rows(
    _ options: [OptionSpecification], path: String, into page: inout String
  ) {
    for option in options {
      let absence =
        switch option.absence {
        case .required: "error"
        case .optional: "-"
        case .standard(let text): "`\(text)`"
        case .refused: "-"
        }
      let value = option.isRefused ? "never" : value(option, path: path)
      page += "| `\(option.name)` | \(value) | \(absence) | \(sentence(option.help)) |\n"
    }
  }

  /// What may be written behind a key: a phrase, its range or an example, or where to read on.
  private static func value(_ option: OptionSpecification, path: String) -> String {
    let inner = path.isEmpty ? option.name : "\(path).\(option.name)"
    switch option.kind {
    case .section, .variants: return "[mapping](#\(anchor(inner)))"
    case .table(let row):
      switch row {
      case .section, .variants: return "names, each with a [mapping](#\(anchor(inner + ".NAME")))"
      default: return "names, each with \(row.phrase), for example `\(option.kind.example)`"
      }
    case .text, .path, .list, .interval:
      return "\(option.kind.phrase), for example `\(option.kind.example)`"
    case .address: return option.kind.rangeText
    case .choice(let words): return words.map { "`\($0)`" }.joined(separator: ", ")
    case .flag: return "`yes` or `no`"
    case .number(let range) where range == OptionKind.anyNumber: return option.kind.phrase
    case .name, .integer, .number, .quantity:
      let range = option.kind.rangeText
      return option.kind.phrase + (range.isEmpty ? "" : ", \(range)")
    }
  }

  /// The fragment by which web pages of Markdown name a heading: lower case, no punctuation.
  private static func anchor(_ path: String) -> String {
    path.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
  }

  private static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }
}

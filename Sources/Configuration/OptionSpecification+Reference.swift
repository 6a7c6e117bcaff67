/// The reference page of option lists, in Markdown.
public enum OptionReference {
  /// A page with a heading for every mapping, and a row for every key.
  public static func markdown(title: String, introduction: String, _ options: [OptionSpecification])
    -> String
  {
    var page = "# \(title)\n\n\(introduction)\n"
    section(options, path: "", level: 2, into: &page)
    return page
  }

  private static func section(
    _ options: [OptionSpecification], path: String, level: Int, into page: inout String
  ) {
    table(options, into: &page)
    for option in options where !option.isRefused {
      let inner = path.isEmpty ? option.name : "\(path).\(option.name)"
      nested(option.kind, path: inner, help: option.help, level: level, into: &page)
    }
  }

  private static func nested(
    _ kind: OptionKind, path: String, help: String, level: Int, into page: inout String
  ) {
    switch kind {
    case .section(let options):
      heading(path, help, level, into: &page)
      section(options, path: path, level: level + 1, into: &page)
    case .table(let row): nested(row, path: path + ".NAME", help: help, level: level, into: &page)
    case .list(let item): nested(item, path: path, help: help, level: level, into: &page)
    case .variants(let variants):
      heading(path, help, level, into: &page)
      let names = variants.variants.map { "`\($0.name)`" }.joined(separator: ", ")
      page += "\n`\(variants.key)` (required) is one of \(names): \(variants.help).\n"
      section(variants.common, path: path, level: level + 1, into: &page)
      for variant in variants.variants {
        heading("\(path), \(variants.key): \(variant.name)", variant.help, level + 1, into: &page)
        if variant.options.isEmpty {
          page += "\nNo further keys.\n"
        } else {
          section(variant.options, path: path, level: level + 2, into: &page)
        }
      }
    default: break
    }
  }

  private static func heading(
    _ path: String, _ help: String, _ level: Int, into page: inout String
  ) {
    let marks = String(repeating: "#", count: min(level, 5))
    page += "\n\(marks) `\(path)`\n\n\(help.prefix(1).uppercased() + help.dropFirst()).\n"
  }

  private static func table(_ options: [OptionSpecification], into page: inout String) {
    page += "\n| key | what is written | if it is not | meaning |\n|---|---|---|---|\n"
    for option in options {
      let range = option.kind.rangeText.isEmpty ? "" : ", \(option.kind.rangeText)"
      let absence =
        switch option.absence {
        case .required: "error"
        case .optional: "-"
        case .standard(let text): "`\(text)`"
        case .refused: "refused"
        }
      let phrase = option.isRefused ? "nothing" : option.kind.phrase + range
      page += "| `\(option.name)` | \(phrase) | \(absence) | \(option.help) |\n"
    }
  }
}

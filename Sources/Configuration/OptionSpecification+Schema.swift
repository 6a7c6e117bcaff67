public import JSONText
import Quantities

/// The JSON Schema of option lists, for editors that complete and check board files.
///
/// Source: JSON Schema draft 2020-12. A file that the strict reader takes is valid, whatever a YAML
/// reader makes of its scalars: `10 s` is a string, `27` a number, `yes` a boolean (YAML 1.1) or a
/// string (YAML 1.2). What only cross-checks can tell is valid too.
public enum OptionSchema {
  /// The schema of a whole file.
  public static func document(title: String, _ options: [OptionSpecification]) -> JSON {
    guard case .object(let members) = section(options, mayBeEmpty: false) else { return .null }
    return .object(
      [
        ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
        ("title", .text(title)),
      ] + members)
  }

  private static func section(_ options: [OptionSpecification], mayBeEmpty: Bool) -> JSON {
    let visible = options.filter { !$0.isRefused }
    let required = visible.filter { $0.absence == .required }.map { JSON.text($0.name) }
    let type: JSON =
      required.isEmpty && mayBeEmpty ? .array([.text("object"), .text("null")]) : .text("object")
    var members: [(name: String, value: JSON)] = [
      ("type", type), ("properties", .object(visible.map { ($0.name, property($0)) })),
    ]
    if !required.isEmpty { members.append(("required", .array(required))) }
    members.append(("additionalProperties", .flag(false)))
    return .object(members)
  }

  private static func property(_ option: OptionSpecification) -> JSON {
    let isRequired = option.absence == .required
    guard case .object(var members) = schema(of: option.kind, mayBeEmpty: !isRequired) else {
      return .null
    }
    var help = option.help
    if !option.kind.rangeText.isEmpty { help += " (\(option.kind.rangeText))" }
    members.insert(("description", .text(help)), at: 0)
    if case .standard(let text) = option.absence { members.append(("default", .text(text))) }
    return .object(members)
  }

  private static func schema(of kind: OptionKind, mayBeEmpty: Bool = true) -> JSON {
    switch kind {
    case .text(let example), .path(let example):
      // A user 1234 or a label 0 is a number to YAML readers.
      .object([
        ("type", .array([.text("string"), .text("number"), .text("boolean")])),
        ("minLength", .integer(1)), ("examples", .array([.text(example)])),
      ])
    case .name(let example):
      // To YAML 1.1 a board called on or yes is true.
      .object([
        ("type", .array([.text("string"), .text("boolean")])),
        ("pattern", .text(namePattern)), ("maxLength", .integer(32)),
        ("examples", .array([.text(example)])),
      ])
    case .flag: .object([("enum", .array([.flag(true), .flag(false), .text("yes"), .text("no")]))])
    case .integer(let range):
      anyOf([
        .object([
          ("type", .text("integer")), ("minimum", .integer(Int128(range.lowerBound))),
          ("maximum", .integer(Int128(range.upperBound))),
        ]),
        pattern("-?(0|[1-9][0-9]*)|0x[0-9a-fA-F]+"),
      ])
    case .address(let addresses):
      .object([
        (
          "enum",
          .array(
            addresses.map { .integer(Int128($0)) }
              + addresses.map { .text(OptionKind.hexadecimal($0)) })
        )
      ])
    case .number(let range):
      anyOf([
        .object([
          ("type", .text("number")), ("minimum", .number(value(range.lowerBound))),
          ("maximum", .number(value(range.upperBound))),
        ]),
        pattern(numberPattern + exponentPattern),
      ])
    case .quantity(let dimension, _):
      .object([
        ("type", .text("string")),
        (
          "pattern",
          .text(
            "^\(numberPattern) *(\(dimension.symbols.map(\.symbol).joined(separator: "|")))$")
        ),
        ("examples", .array([.text(kind.example)])),
      ])
    case .choice(let words): .object([("enum", .array(words.flatMap(readings)))])
    case .interval:
      .object([
        ("type", .text("string")),
        (
          "pattern",
          .text(
            "^\(numberPattern)\(exponentPattern)(?<!\\.) *\\.\\. *(?!\\.)\(numberPattern)\(exponentPattern)$"
          )
        ),
        ("examples", .array([.text(kind.example)])),
      ])
    case .list(let item):
      anyOf([
        schema(of: item),
        .object([
          ("type", .text("array")), ("items", schema(of: item)), ("minItems", .integer(1)),
        ]),
      ])
    case .section(let options): section(options, mayBeEmpty: mayBeEmpty)
    case .table(let row): table(of: row, mayBeEmpty: mayBeEmpty)
    case .variants(let variants): self.variants(variants)
    }
  }

  private static func table(of row: OptionKind, mayBeEmpty: Bool) -> JSON {
    .object([
      ("type", mayBeEmpty ? .array([.text("object"), .text("null")]) : .text("object")),
      ("propertyNames", .object([("pattern", .text(namePattern)), ("maxLength", .integer(32))])),
      ("additionalProperties", schema(of: row)),
      ("minProperties", .integer(mayBeEmpty ? 0 : 1)),
    ])
  }

  private static func variants(_ variants: OptionVariants) -> JSON {
    let deciding = variants.variants.map { variant -> JSON in
      let options =
        [
          OptionSpecification(
            variants.key, .choice([variant.name]), .required, help: variant.help)
        ] + variants.options(of: variant)
      return .object([
        (
          "if",
          .object([
            (
              "properties",
              .object([(variants.key, .object([("const", .text(variant.name))]))])
            ), ("required", .array([.text(variants.key)])),
          ])
        ),
        ("then", section(options, mayBeEmpty: false)),
      ])
    }
    return .object([
      ("type", .text("object")),
      (
        "properties",
        .object([
          (
            variants.key,
            .object([
              ("description", .text(variants.help)),
              ("enum", .array(variants.variants.map { .text($0.name) })),
            ])
          )
        ])
      ),
      ("required", .array([.text(variants.key)])),
      ("allOf", .array(deciding)),
    ])
  }

  /// What YAML readers make of a word: a text, and for some words a number or a boolean.
  private static func readings(_ word: String) -> [JSON] {
    switch word {
    case "yes", "on", "true": return [.text(word), .flag(true)]
    case "no", "off", "false": return [.text(word), .flag(false)]
    default:
      guard let nano = DecimalNumber.nano(of: word) else { return [.text(word)] }
      return [.text(word), .number(value(nano))]
    }
  }

  private static let namePattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
  private static let numberPattern = "[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)"
  private static let exponentPattern = "([eE][+-]?[0-9]+)?"

  private static func pattern(_ pattern: String) -> JSON {
    .object([("type", .text("string")), ("pattern", .text("^(\(pattern))$"))])
  }

  private static func anyOf(_ schemas: [JSON]) -> JSON { .object([("anyOf", .array(schemas))]) }

  private static func value(_ nano: Int128) -> Double { Quantity(nano: nano, unit: .ratio).value }
}

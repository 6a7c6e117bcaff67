public import JSONText
import Quantities

/// The JSON Schema of option lists, for editors that complete and check board files.
///
/// Source: JSON Schema draft 2020-12. YAML scalars such as `10 s` are strings there; numbers that
/// YAML readers turn into numbers are allowed as both.
public enum OptionSchema {
  /// The schema of a whole file.
  public static func document(title: String, _ options: [OptionSpecification]) -> JSON {
    guard case .object(let members) = section(options) else { return .null }
    return .object(
      [
        ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
        ("title", .text(title)),
      ] + members)
  }

  private static func section(_ options: [OptionSpecification]) -> JSON {
    let visible = options.filter { !$0.isRefused }
    let required = visible.filter { $0.absence == .required }.map { JSON.text($0.name) }
    var members: [(name: String, value: JSON)] = [
      ("type", .text("object")),
      ("properties", .object(visible.map { ($0.name, property($0)) })),
    ]
    if !required.isEmpty { members.append(("required", .array(required))) }
    members.append(("additionalProperties", .flag(false)))
    return .object(members)
  }

  private static func property(_ option: OptionSpecification) -> JSON {
    guard case .object(var members) = schema(of: option.kind) else { return .null }
    var help = option.help
    if !option.kind.rangeText.isEmpty { help += " (\(option.kind.rangeText))" }
    members.insert(("description", .text(help)), at: 0)
    if case .standard(let text) = option.absence { members.append(("default", .text(text))) }
    return .object(members)
  }

  private static func schema(of kind: OptionKind) -> JSON {
    switch kind {
    case .text(let example), .path(let example):
      .object([("type", .text("string")), ("examples", .array([.text(example)]))])
    case .name:
      .object([
        ("type", .text("string")), ("pattern", .text("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")),
        ("maxLength", .integer(32)),
      ])
    case .flag: .object([("enum", .array([.flag(true), .flag(false), .text("yes"), .text("no")]))])
    case .integer(let range):
      .object([
        (
          "anyOf",
          .array([
            .object([
              ("type", .text("integer")), ("minimum", .integer(Int128(range.lowerBound))),
              ("maximum", .integer(Int128(range.upperBound))),
            ]),
            .object([
              ("type", .text("string")), ("pattern", .text("^(-?[0-9]+|0x[0-9a-fA-F]+)$")),
            ]),
          ])
        )
      ])
    case .number(let range):
      .object([
        ("type", .text("number")),
        ("minimum", .number(Quantity(nano: range.lowerBound, unit: .ratio).value)),
        ("maximum", .number(Quantity(nano: range.upperBound, unit: .ratio).value)),
      ])
    case .quantity(let dimension, _):
      .object([
        ("type", .text("string")),
        (
          "pattern",
          .text(
            "^[+-]?[0-9.]+ *(" + dimension.symbols.map(\.symbol).joined(separator: "|") + ")$")
        ),
        ("examples", .array([.text(kind.example)])),
      ])
    case .choice(let words): .object([("enum", .array(words.map(JSON.text)))])
    case .interval:
      .object([
        ("type", .text("string")),
        ("pattern", .text("^[+-]?[0-9.eE-]+ *\\.\\. *[+-]?[0-9.eE-]+$")),
        ("examples", .array([.text("-40..85")])),
      ])
    case .list(let item):
      .object([
        (
          "anyOf",
          .array([
            schema(of: item),
            .object([("type", .text("array")), ("items", schema(of: item))]),
          ])
        )
      ])
    case .section(let options): section(options)
    case .table(let row):
      .object([
        ("type", .text("object")),
        ("propertyNames", schema(of: .name)), ("additionalProperties", schema(of: row)),
      ])
    case .variants(let variants): self.variants(variants)
    }
  }

  private static func variants(_ variants: OptionVariants) -> JSON {
    let deciding = variants.variants.map { variant -> JSON in
      let options =
        [
          OptionSpecification(
            variants.key, .choice([variant.name]), .required, help: variant.help)
        ] + variants.common + variant.options
      return .object([
        (
          "if",
          .object([
            (
              "properties",
              .object([(variants.key, .object([("const", .text(variant.name))]))])
            )
          ])
        ),
        ("then", section(options)),
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
}

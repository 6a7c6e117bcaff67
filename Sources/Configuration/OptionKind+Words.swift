import Quantities

extension OptionKind {
  /// What must be written, as a phrase for errors and the reference page.
  public var phrase: String {
    switch self {
    case .text: "a text"
    case .name: "a name"
    case .path: "a path"
    case .flag: "yes or no"
    case .integer: "a whole number"
    case .address: "an address"
    case .number: "a number"
    case .quantity(let dimension, _): dimension.phrase
    case .choice(let words): "one of " + words.joined(separator: ", ")
    case .interval: "two numbers with .. between"
    case .list(let item): "a list, each item \(item.phrase)"
    case .section, .variants: "a mapping of keys"
    case .table: "a mapping from names"
    }
  }

  /// Something that could be written.
  public var example: String {
    switch self {
    case .text(let example), .path(let example), .name(let example): example
    case .flag: "yes"
    case .integer(let range): range.contains(1) ? "1" : String(range.lowerBound)
    case .address(let addresses): addresses.first.map(Self.hexadecimal) ?? ""
    case .number(let range):
      Self.decimal(range.contains(1_000_000_000) ? 1_000_000_000 : range.lowerBound)
    case .quantity(let dimension, let range):
      if let standard = try? Quantity(parsing: dimension.example, as: dimension),
        range.contains(standard.nano)
      {
        dimension.example
      } else {
        Self.text(range.lowerBound, dimension)
      }
    case .choice(let words): words.first ?? ""
    case .interval: "-40..85"
    case .list(let item): "[\(item.example)]"
    case .section(let options): Self.example(options)
    case .table(let row): "{ NAME: \(row.example) }"
    case .variants(let variants):
      Self.example(
        [
          OptionSpecification(
            variants.key, .choice(variants.variants.map(\.name)), .required, help: variants.help)
        ] + (variants.variants.first.map(variants.options(of:)) ?? variants.common))
    }
  }

  /// The first key of a mapping that could be written, with something behind it.
  var exampleEntry: String {
    let first: (String, String)? =
      switch self {
      case .section(let options):
        (options.first { $0.absence == .required } ?? options.first).map {
          ($0.name, $0.kind.example)
        }
      case .table(let row): ("NAME", row.example)
      case .variants(let variants): (variants.key, variants.variants.first?.name ?? "")
      default: nil
      }
    return first.map { "\($0.0): \($0.1)" } ?? example
  }

  /// The range of a number, for people; empty for kinds without one.
  public var rangeText: String {
    switch self {
    case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .address(let addresses): Self.addressText(addresses)
    case .number(let range):
      "\(Self.decimal(range.lowerBound)) to \(Self.decimal(range.upperBound))"
    case .quantity(let dimension, let range):
      "\(Self.text(range.lowerBound, dimension)) to \(Self.text(range.upperBound, dimension))"
    default: ""
    }
  }

  /// The keys that must be written, or else the first one, with examples behind them.
  private static func example(_ options: [OptionSpecification]) -> String {
    let required = options.filter { $0.absence == .required }
    let shown = required.isEmpty ? Array(options.prefix(1)) : required
    return "{ " + shown.map { "\($0.name): \($0.kind.example)" }.joined(separator: ", ") + " }"
  }

  /// An address as data sheets write it, for example `0x76`.
  static func hexadecimal(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "0x" + (digits.count < 2 ? "0" : "") + digits
  }

  private static func addressText(_ addresses: [Int]) -> String {
    let sorted = addresses.sorted()
    if sorted.count > 3, let first = sorted.first, let last = sorted.last,
      last - first == sorted.count - 1
    {
      return "\(hexadecimal(first)) to \(hexadecimal(last))"
    }
    guard sorted.count > 1, let last = sorted.last else {
      return sorted.map(hexadecimal).joined()
    }
    return sorted.dropLast().map(hexadecimal).joined(separator: ", ") + " or " + hexadecimal(last)
  }

  private static func decimal(_ nano: Int128) -> String {
    Quantity(nano: nano, unit: .ratio).decimalText
  }

  /// An amount with the largest symbol of the dimension that leaves a whole number, or the base.
  private static func text(_ nano: Int128, _ dimension: Dimension) -> String {
    let ascii = dimension.symbols.filter { $0.symbol.allSatisfy(\.isASCII) }
    let fitting = ascii.filter { nano != 0 && nano % $0.nano == 0 }.max { $0.nano < $1.nano }
    guard let best = fitting else {
      return "\(decimal(nano)) \(ascii.first?.symbol ?? dimension.unit.code)"
    }
    return "\(nano / best.nano) \(best.symbol)"
  }
}

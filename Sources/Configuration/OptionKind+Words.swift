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
    case .number: "a number"
    case .quantity(let dimension, _): "a \(dimension.rawValue) with its unit"
    case .choice(let words): "one of " + words.joined(separator: ", ")
    case .interval: "two numbers with .. between, the lower first"
    case .list(let item): "a list: each item \(item.phrase)"
    case .section: "a mapping of keys"
    case .table: "a mapping from names"
    case .variants: "a mapping of keys"
    }
  }

  /// Something that could be written.
  public var example: String {
    switch self {
    case .text(let example), .path(let example): example
    case .name: "air-1"
    case .flag: "yes"
    case .integer(let range): range.contains(1) ? "1" : String(range.lowerBound)
    case .number(let range): Self.decimal(range.contains(0) ? 0 : range.lowerBound)
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
    case .section(let options): "{ \(options.first?.name ?? "key"): ... }"
    case .table: "{ name: ... }"
    case .variants(let variants): "{ \(variants.key): ... }"
    }
  }

  /// The range of a number, for people; empty for kinds without one.
  public var rangeText: String {
    switch self {
    case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .number(let range):
      "\(Self.decimal(range.lowerBound)) to \(Self.decimal(range.upperBound))"
    case .quantity(let dimension, let range):
      "\(Self.text(range.lowerBound, dimension)) to \(Self.text(range.upperBound, dimension))"
    default: ""
    }
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

/// What to write instead of a word that nothing is called: the nearest word, or all of them.
public func suggestion(for word: String, among known: [String]) -> String {
  let nearest = known.map { ($0, editDistance(word, $0)) }.min { $0.1 < $1.1 }
  if let (candidate, distance) = nearest, distance <= max(1, candidate.count / 3) {
    return "did you mean '\(candidate)'?"
  }
  return known.isEmpty
    ? "nothing can stand here" : "write one of " + known.sorted().joined(separator: ", ")
}

/// The number of insertions, deletions, replacements and swaps of neighbours between two words.
private func editDistance(_ left: String, _ right: String) -> Int {
  let a = Array(left.lowercased().utf8.prefix(64))
  let b = Array(right.lowercased().utf8.prefix(64))
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var best = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
      row.append(best)
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}

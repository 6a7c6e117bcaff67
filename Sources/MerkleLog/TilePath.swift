/// The path of a hash tile or an entry bundle below a log's prefix.
///
/// Source: c2sp.org/tlog-tiles: `tile/<L>/<N>[.p/<W>]` and `tile/entries/<N>[.p/<W>]`, where N is
/// written in groups of three digits, every group but the last with an `x` before it.
///
/// Parsing is canonical: formatting the result gives the text that was parsed, byte for byte.
public enum TilePath: Hashable, Sendable, CustomStringConvertible {
  /// A tile of hashes.
  case hashes(Tile)
  /// An entry bundle, at the place of the level-0 tile over its entries.
  case entries(Tile)

  /// The tile, whichever of its files this is.
  public var tile: Tile {
    switch self {
    case .hashes(let tile), .entries(let tile): tile
    }
  }

  /// The path that a text names, or nil when the text is not a canonical tile path.
  public init?(parsing text: String) {
    var parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[0] == "tile" else { return nil }
    let holdsEntries = parts[1] == "entries"
    guard let level = holdsEntries ? 0 : TilePath.number(parts[1]).flatMap({ Int(exactly: $0) })
    else { return nil }
    parts.removeFirst(2)

    var width = Tile.fullWidth
    if parts.count >= 2, parts[parts.count - 2].hasSuffix(".p") {
      guard let partial = TilePath.number(parts.removeLast()), partial < UInt64(Tile.fullWidth)
      else { return nil }
      width = Int(partial)
      parts[parts.count - 1].removeLast(2)
    }

    var index: UInt64 = 0
    for (position, part) in parts.enumerated() {
      let digits = position < parts.count - 1 ? part.dropFirst() : part
      guard digits.utf8.count == 3, let group = TilePath.digits(digits) else { return nil }
      let (scaled, scaleOverflow) = index.multipliedReportingOverflow(by: 1000)
      let (sum, sumOverflow) = scaled.addingReportingOverflow(group)
      guard !scaleOverflow, !sumOverflow else { return nil }
      index = sum
    }
    guard let tile = Tile(level: level, index: index, width: width) else { return nil }
    self = holdsEntries ? .entries(tile) : .hashes(tile)
    // Whatever the steps above let pass (a missing x, a group too many) cannot be written again.
    guard description.utf8.elementsEqual(text.utf8) else { return nil }
  }

  /// The path, relative to the log's prefix.
  public var description: String {
    let kind =
      switch self {
      case .hashes(let tile): String(tile.level)
      case .entries: "entries"
      }
    let suffix = tile.isPartial ? ".p/\(tile.width)" : ""
    return "tile/\(kind)/\(TilePath.groups(tile.index))\(suffix)"
  }

  private static func groups(_ index: UInt64) -> String {
    var text = padded(index % 1000)
    var rest = index / 1000
    while rest > 0 {
      text = "x\(padded(rest % 1000))/\(text)"
      rest /= 1000
    }
    return text
  }

  private static func padded(_ group: UInt64) -> String {
    let digits = String(group)
    return String(repeating: "0", count: 3 - digits.utf8.count) + digits
  }

  private static func number(_ text: Substring) -> UInt64? {
    guard 1...3 ~= text.utf8.count else { return nil }
    return digits(text)
  }

  private static func digits(_ text: Substring) -> UInt64? {
    guard text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
    return UInt64(text)
  }
}

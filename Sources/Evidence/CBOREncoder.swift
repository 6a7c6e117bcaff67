/// Writes deterministic CBOR straight into an array of bytes.
///
/// The head functions are for callers that know their shape and their key order; a map written with
/// them is only deterministic when its keys come in bytewise order. ``append(_:)`` sorts by itself.
public struct CBOREncoder: Sendable {
  /// What has been written so far.
  public private(set) var bytes: [UInt8] = []

  /// An encoder that has written nothing, with room for a number of bytes.
  public init(reservingByteCount byteCount: Int = 0) {
    bytes.reserveCapacity(byteCount)
  }

  private mutating func appendHead(_ major: UInt8, _ argument: UInt64) {
    let type = major << 5
    switch argument {
    case 0..<24:
      bytes.append(type | UInt8(argument))
    case 24...0xFF:
      bytes.append(type | 24)
      bytes.append(UInt8(argument))
    case 0x100...0xFFFF:
      bytes.append(type | 25)
      appendBigEndian(argument, byteCount: 2)
    case 0x1_0000...0xFFFF_FFFF:
      bytes.append(type | 26)
      appendBigEndian(argument, byteCount: 4)
    default:
      bytes.append(type | 27)
      appendBigEndian(argument, byteCount: 8)
    }
  }

  private mutating func appendBigEndian(_ value: UInt64, byteCount: Int) {
    for shift in stride(from: 8 * (byteCount - 1), through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
    }
  }

  /// Appends an unsigned integer.
  public mutating func appendUnsigned(_ value: UInt64) { appendHead(0, value) }

  /// Appends an integer of either sign.
  public mutating func appendInteger(_ value: Int64) {
    if value >= 0 { appendHead(0, UInt64(value)) } else { appendHead(1, UInt64(-1 - value)) }
  }

  /// Appends a byte string.
  public mutating func appendBytes(_ value: [UInt8]) {
    appendHead(2, UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// Appends a text string.
  public mutating func appendText(_ value: String) {
    var value = value
    value.withUTF8 { utf8 in
      appendHead(3, UInt64(utf8.count))
      bytes.append(contentsOf: utf8)
    }
  }

  /// Begins an array; its elements follow.
  public mutating func appendArrayHead(count: Int) { appendHead(4, UInt64(count)) }

  /// Begins a map; its keys, in bytewise order of their encodings, and values follow.
  public mutating func appendMapHead(pairCount: Int) { appendHead(5, UInt64(pairCount)) }

  /// Appends a tag; the tagged value follows.
  public mutating func appendTag(_ tag: UInt64) { appendHead(6, tag) }

  /// Appends false or true.
  public mutating func appendBoolean(_ value: Bool) { bytes.append(value ? 0xF5 : 0xF4) }

  /// Appends null.
  public mutating func appendNull() { bytes.append(0xF6) }

  /// Appends bytes that are the encoding of a value already.
  public mutating func appendEncoded(_ encoded: [UInt8]) { bytes.append(contentsOf: encoded) }

  /// Appends a float in the shortest of three widths that keeps its value; -0.0 becomes 0.0.
  ///
  /// - Throws: ``CBOREncodingError/notFinite`` for NaN and the infinities.
  public mutating func appendFloat(_ value: Double) throws(CBOREncodingError) {
    guard value.isFinite else { throw .notFinite }
    if let half = HalfPrecision.bits(of: value) {
      bytes.append(0xF9)
      appendBigEndian(UInt64(half), byteCount: 2)
    } else if let single = Float(exactly: value) {
      bytes.append(0xFA)
      appendBigEndian(UInt64(single.bitPattern), byteCount: 4)
    } else {
      bytes.append(0xFB)
      appendBigEndian(value.bitPattern, byteCount: 8)
    }
  }

  /// Appends a value, sorting the keys of its maps.
  ///
  /// - Throws: ``CBOREncodingError`` for NaN, an infinity, a repeated map key, or nesting over 16.
  public mutating func append(_ value: CBOR) throws(CBOREncodingError) {
    try append(value, depth: 0)
  }

  /// Appends a value that stands inside a number of arrays, maps and tags already written.
  mutating func append(_ value: CBOR, depth: Int) throws(CBOREncodingError) {
    switch value {
    case .unsigned(let value): appendUnsigned(value)
    case .negative(let value): appendHead(1, value)
    case .bytes(let value): appendBytes(value)
    case .text(let value): appendText(value)
    case .boolean(let value): appendBoolean(value)
    case .null: appendNull()
    case .float(let value): try appendFloat(value)
    case .array, .map, .tagged: try appendContainer(value, depth: depth + 1)
    }
  }

  private mutating func appendContainer(_ value: CBOR, depth: Int) throws(CBOREncodingError) {
    guard depth <= CBOR.maximumDepth else { throw .tooDeep }
    switch value {
    case .array(let values):
      appendArrayHead(count: values.count)
      for value in values { try append(value, depth: depth) }
    case .map(let pairs):
      var encodedPairs: [(key: [UInt8], value: CBOR)] = []
      encodedPairs.reserveCapacity(pairs.count)
      for pair in pairs {
        var key = CBOREncoder()
        try key.append(pair.key, depth: depth)
        encodedPairs.append((key.bytes, pair.value))
      }
      encodedPairs.sort { $0.key.lexicographicallyPrecedes($1.key) }
      appendMapHead(pairCount: pairs.count)
      var previous: [UInt8]?
      for (key, value) in encodedPairs {
        guard key != previous else { throw .repeatedKey(encodedKey: key) }
        previous = key
        appendEncoded(key)
        try append(value, depth: depth)
      }
    case .tagged(let tag, let value):
      appendTag(tag)
      try append(value, depth: depth)
    default:
      preconditionFailure("bad kind in CBOREncoder.appendContainer: \(value)")
    }
  }
}

/// Why a value has no deterministic encoding.
public enum CBOREncodingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A float is NaN or infinite.
  case notFinite
  /// A map has a key twice.
  case repeatedKey(encodedKey: [UInt8])
  /// Arrays, maps and tags are nested deeper than 16.
  case tooDeep

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .notFinite: "NaN and infinities cannot be logged; log a gap instead"
    case .repeatedKey: "a map has the same key twice"
    case .tooDeep: "values are nested deeper than \(CBOR.maximumDepth)"
    }
  }
}

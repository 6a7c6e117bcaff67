/// Reads deterministic CBOR from bytes and refuses everything else.
///
/// Offsets in errors count from the start of the whole array, also when reading a range of it, so
/// that a fault inside a byte string is located in the entry it came from.
struct CBORReader {
  private let bytes: [UInt8]
  private let end: Int
  private(set) var offset: Int

  init(_ bytes: [UInt8], range: Range<Int>? = nil) {
    self.bytes = bytes
    offset = range?.lowerBound ?? 0
    end = range?.upperBound ?? bytes.count
  }

  /// A value's first byte, taken apart, with its argument.
  private struct Head {
    let offset: Int
    let major: UInt8
    let argument: UInt64
  }

  func requireEnd() throws(CBORError) {
    guard offset == end else { throw CBORError(byteOffset: offset, reason: .trailingBytes) }
  }

  private mutating func readBigEndian(byteCount: Int) throws(CBORError) -> UInt64 {
    guard end - offset >= byteCount else {
      throw CBORError(byteOffset: offset, reason: .truncated)
    }
    var value: UInt64 = 0
    for _ in 0..<byteCount {
      value = value << 8 | UInt64(bytes[offset])
      offset += 1
    }
    return value
  }

  private mutating func readHead() throws(CBORError) -> Head {
    let start = offset
    let initial = UInt8(try readBigEndian(byteCount: 1))
    let information = initial & 0x1F
    let argument: UInt64
    let smallest: UInt64
    switch information {
    case 0..<24: (argument, smallest) = (UInt64(information), 0)
    case 24: (argument, smallest) = (try readBigEndian(byteCount: 1), 24)
    case 25: (argument, smallest) = (try readBigEndian(byteCount: 2), 0x100)
    case 26: (argument, smallest) = (try readBigEndian(byteCount: 4), 0x1_0000)
    case 27: (argument, smallest) = (try readBigEndian(byteCount: 8), 0x1_0000_0000)
    case 31: throw CBORError(byteOffset: start, reason: .indefiniteLength)
    default: throw CBORError(byteOffset: start, reason: .reserved)
    }
    guard argument >= smallest else {
      throw CBORError(byteOffset: start, reason: .notShortest)
    }
    return Head(offset: start, major: initial >> 5, argument: argument)
  }

  /// A head of one kind, or the error that says which kind was wanted.
  private mutating func readHead(
    _ major: UInt8, _ expected: String
  ) throws(CBORError) -> UInt64 {
    guard offset < end, bytes[offset] >> 5 == major else {
      throw CBORError(byteOffset: offset, reason: .expected(expected))
    }
    return try readHead().argument
  }

  mutating func readTag() throws(CBORError) -> UInt64 { try readHead(6, "a tag") }

  mutating func readArrayCount() throws(CBORError) -> UInt64 { try readHead(4, "an array") }

  mutating func readMapPairCount() throws(CBORError) -> UInt64 { try readHead(5, "a map") }

  /// The place of a byte string's contents.
  mutating func readByteStringRange() throws(CBORError) -> Range<Int> {
    try readRange(byteCount: readHead(2, "a byte string"))
  }

  private mutating func readRange(byteCount: UInt64) throws(CBORError) -> Range<Int> {
    guard byteCount <= UInt64(end - offset) else {
      throw CBORError(byteOffset: offset, reason: .truncated)
    }
    let range = offset..<offset + Int(byteCount)
    offset = range.upperBound
    return range
  }

  mutating func readValue() throws(CBORError) -> CBOR { try readValue(depth: 0) }

  private mutating func readValue(depth: Int) throws(CBORError) -> CBOR {
    if offset < end, bytes[offset] >> 5 == 7 { return try readSimpleOrFloat() }
    let head = try readHead()
    switch head.major {
    case 0:
      return .unsigned(head.argument)
    case 1:
      return .negative(head.argument)
    case 2:
      return .bytes(Array(bytes[try readRange(byteCount: head.argument)]))
    case 3:
      let range = try readRange(byteCount: head.argument)
      guard let text = String(validating: bytes[range], as: UTF8.self) else {
        throw CBORError(byteOffset: head.offset, reason: .invalidUTF8)
      }
      return .text(text)
    default:
      guard depth < CBOR.maximumDepth else {
        throw CBORError(byteOffset: head.offset, reason: .tooDeep)
      }
      switch head.major {
      case 4: return try readArray(count: head.argument, depth: depth + 1)
      case 5: return try readMap(pairCount: head.argument, depth: depth + 1)
      default: return .tagged(head.argument, try readValue(depth: depth + 1))
      }
    }
  }

  private mutating func readArray(count: UInt64, depth: Int) throws(CBORError) -> CBOR {
    // Every element takes a byte at least, so a count beyond that is a lie not to allocate for.
    guard count <= UInt64(end - offset) else {
      throw CBORError(byteOffset: offset, reason: .truncated)
    }
    var values: [CBOR] = []
    values.reserveCapacity(Int(min(count, 64)))
    for _ in 0..<count { values.append(try readValue(depth: depth)) }
    return .array(values)
  }

  private mutating func readMap(pairCount: UInt64, depth: Int) throws(CBORError) -> CBOR {
    guard pairCount <= UInt64(end - offset) / 2 else {
      throw CBORError(byteOffset: offset, reason: .truncated)
    }
    var pairs: [CBOR.Pair] = []
    pairs.reserveCapacity(Int(min(pairCount, 64)))
    var previous: Range<Int>?
    for _ in 0..<pairCount {
      let start = offset
      let key = try readValue(depth: depth)
      if let previous {
        let last = bytes[previous]
        let this = bytes[start..<offset]
        guard last.lexicographicallyPrecedes(this) else {
          throw CBORError(
            byteOffset: start, reason: last == this ? .repeatedKey : .unsortedKeys)
        }
      }
      previous = start..<offset
      pairs.append(CBOR.Pair(key, try readValue(depth: depth)))
    }
    return .map(pairs)
  }

  private mutating func readSimpleOrFloat() throws(CBORError) -> CBOR {
    let start = offset
    let initial = UInt8(try readBigEndian(byteCount: 1))
    let value: Double?
    switch initial {
    case 0xF4: return .boolean(false)
    case 0xF5: return .boolean(true)
    case 0xF6: return .null
    case 0xF9:
      value = HalfPrecision.value(of: UInt16(try readBigEndian(byteCount: 2)))
    case 0xFA:
      let single = Double(
        Float(bitPattern: UInt32(try readBigEndian(byteCount: 4))))
      value = single
    case 0xFB:
      value = Double(bitPattern: try readBigEndian(byteCount: 8))
    case 0xFF:
      throw CBORError(byteOffset: start, reason: .indefiniteLength)
    default:
      throw CBORError(byteOffset: start, reason: .unknownSimpleValue)
    }
    guard let value, value.isFinite, !(value == 0 && value.sign == .minus) else {
      throw CBORError(byteOffset: start, reason: .forbiddenFloat)
    }
    let isHalf = HalfPrecision.bits(of: value) != nil
    let isSingle = Float(exactly: value) != nil
    let shortest: UInt8 = isHalf ? 0xF9 : isSingle ? 0xFA : 0xFB
    guard initial == shortest else { throw CBORError(byteOffset: start, reason: .notShortest) }
    return .float(value)
  }
}

/// Why bytes are not deterministic CBOR, and where.
public struct CBORError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What a decoder can find wrong.
  public enum Reason: Hashable, Sendable {
    /// The bytes end inside a value.
    case truncated
    /// There are bytes after the value.
    case trailingBytes
    /// A head or a float could be written in fewer bytes.
    case notShortest
    /// A string, array or map of indefinite length.
    case indefiniteLength
    /// A head that RFC 8949 reserves.
    case reserved
    /// A simple value other than false, true and null.
    case unknownSimpleValue
    /// NaN, an infinity or negative zero.
    case forbiddenFloat
    /// A text string that is not UTF-8.
    case invalidUTF8
    /// A map whose keys are not in bytewise order.
    case unsortedKeys
    /// A map with a key twice.
    case repeatedKey
    /// Nesting deeper than 16.
    case tooDeep
    /// A value of another kind than the format has there.
    case expected(String)
  }

  /// The offset of the byte where it went wrong.
  public let byteOffset: Int
  /// What is wrong there.
  public let reason: Reason

  /// An error at an offset.
  public init(byteOffset: Int, reason: Reason) {
    self.byteOffset = byteOffset
    self.reason = reason
  }

  /// What is wrong, in a sentence.
  public var description: String {
    "malformed CBOR at byte \(byteOffset): \(reasonText)"
  }

  private var reasonText: String {
    switch reason {
    case .truncated: "the bytes end inside a value"
    case .trailingBytes: "there are bytes after the value"
    case .notShortest: "the value is not in its shortest form"
    case .indefiniteLength: "indefinite lengths are not deterministic"
    case .reserved: "a reserved head"
    case .unknownSimpleValue: "a simple value other than false, true and null"
    case .forbiddenFloat: "NaN, an infinity or negative zero"
    case .invalidUTF8: "the text is not UTF-8"
    case .unsortedKeys: "map keys are not in bytewise order"
    case .repeatedKey: "a map key is repeated"
    case .tooDeep: "values are nested deeper than \(CBOR.maximumDepth)"
    case .expected(let what): "expected \(what)"
    }
  }
}

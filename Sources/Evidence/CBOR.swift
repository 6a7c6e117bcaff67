import JSONText
public import MerkleLog

/// A value in deterministic CBOR (RFC 8949 section 4.2.1), narrowed to what the log may hold.
///
/// Every value has one encoding and every accepted encoding has one value: heads are the shortest,
/// lengths definite, map keys sorted bytewise and unique, text valid UTF-8, floats the shortest of
/// three widths that keeps the value, never NaN, infinite or negative zero. The only simple values
/// are false, true and null.
public indirect enum CBOR: Sendable {
  /// An integer from 0 to 2^64 - 1.
  case unsigned(UInt64)
  /// The integer -1 - n, from -1 to -2^64.
  case negative(UInt64)
  /// A byte string.
  case bytes([UInt8])
  /// A text string.
  case text(String)
  /// An array.
  case array([CBOR])
  /// A map; sorted by ``CBOREncoder`` and always sorted when it was decoded.
  case map([Pair])
  /// A tagged value.
  case tagged(UInt64, CBOR)
  /// False or true.
  case boolean(Bool)
  /// Null.
  case null
  /// A floating-point number.
  case float(Double)

  /// A key and its value in a map.
  public struct Pair: Hashable, Sendable {
    /// The key.
    public let key: CBOR
    /// The value.
    public let value: CBOR

    /// A key with its value.
    public init(_ key: CBOR, _ value: CBOR) {
      self.key = key
      self.value = value
    }
  }

  /// How deep arrays, maps and tags may be nested.
  public static let maximumDepth = 16

  /// An integer of either sign.
  public static func integer(_ value: Int64) -> CBOR {
    value >= 0 ? .unsigned(UInt64(value)) : .negative(UInt64(-1 - value))
  }

  /// The value's one encoding.
  ///
  /// - Throws: ``CBOREncodingError`` for NaN, an infinity, a repeated map key, or nesting over 16.
  public func encoded() throws(CBOREncodingError) -> [UInt8] {
    var encoder = CBOREncoder()
    try encoder.append(self)
    return encoder.bytes
  }

  /// The value in bytes, which must be exactly its one encoding.
  ///
  /// - Throws: ``CBORError`` with the place and the reason.
  public static func decode(_ bytes: [UInt8]) throws(CBORError) -> CBOR {
    var reader = CBORReader(bytes)
    let value = try reader.readValue()
    try reader.requireEnd()
    return value
  }
}

extension CBOR: Hashable {
  /// Two values are equal when their encodings are; text is compared by its bytes.
  public static func == (left: CBOR, right: CBOR) -> Bool {
    switch (left, right) {
    case (.unsigned(let left), .unsigned(let right)): left == right
    case (.negative(let left), .negative(let right)): left == right
    case (.bytes(let left), .bytes(let right)): left == right
    case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
    case (.array(let left), .array(let right)): left == right
    case (.map(let left), .map(let right)): left == right
    case (.tagged(let leftTag, let left), .tagged(let rightTag, let right)):
      leftTag == rightTag && left == right
    case (.boolean(let left), .boolean(let right)): left == right
    case (.null, .null): true
    case (.float(let left), .float(let right)): left == right
    default: false
    }
  }

  /// Hashes the value.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .unsigned(let value): hasher.combine(value)
    case .negative(let value): hasher.combine(value)
    case .bytes(let value): hasher.combine(value)
    case .text(let value): hasher.combine(value)
    case .array(let value): hasher.combine(value)
    case .map(let value): hasher.combine(value)
    case .tagged(let tag, let value):
      hasher.combine(tag)
      hasher.combine(value)
    case .boolean(let value): hasher.combine(value)
    case .null: hasher.combine(0)
    case .float(let value): hasher.combine(value)
    }
  }
}

extension CBOR {
  /// The number, when this is an unsigned integer.
  public var unsignedValue: UInt64? { if case .unsigned(let value) = self { value } else { nil } }
  /// The bytes, when this is a byte string.
  public var bytesValue: [UInt8]? { if case .bytes(let value) = self { value } else { nil } }
  /// The text, when this is a text string.
  public var textValue: String? { if case .text(let value) = self { value } else { nil } }
  /// The elements, when this is an array.
  public var arrayValue: [CBOR]? { if case .array(let value) = self { value } else { nil } }
  /// The pairs, when this is a map.
  public var mapValue: [Pair]? { if case .map(let value) = self { value } else { nil } }
  /// The number, when this is a float.
  public var floatValue: Double? { if case .float(let value) = self { value } else { nil } }
  /// The hash, when this is a byte string of 32 bytes.
  public var hash32: Hash? { bytesValue.flatMap { Hash(bytes: $0) } }

  /// The value under a key, when this is a map that has it.
  public subscript(key: CBOR) -> CBOR? { mapValue?.first { $0.key == key }?.value }

  /// The value under an unsigned integer key, when this is a map that has it.
  public subscript(key: UInt64) -> CBOR? { self[.unsigned(key)] }
}

extension CBOR: CustomStringConvertible {
  /// The value in the diagnostic notation of RFC 8949 section 8.
  public var description: String {
    switch self {
    case .unsigned(let value): "\(value)"
    case .negative(let value): value == .max ? "-18446744073709551616" : "-\(value + 1)"
    case .bytes(let value): "h'\(Hexadecimal.encode(value))'"
    case .text(let value): JSON.text(value).text
    case .array(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    case .map(let pairs):
      "{" + pairs.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    case .tagged(let tag, let value): "\(tag)(\(value))"
    case .boolean(let value): "\(value)"
    case .null: "null"
    case .float(let value): "\(value)"
    }
  }
}

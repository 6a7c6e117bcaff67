/// Base64 as RFC 4648 has it, in its one canonical spelling.
///
/// A decoder that took unused bits, missing padding or line breaks would let two texts stand for one
/// signature; this one takes exactly what ``encode(_:)`` writes.
public enum Base64 {
  private static let standard = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let safe = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
  private static let padding = UInt8(ascii: "=")

  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 0xFF, count: 256)
    for (value, character) in standard.enumerated() {
      values[Int(character)] = UInt8(value)
    }
    return values
  }()

  /// Standard base64 with padding (RFC 4648 section 4).
  public static func encode(_ bytes: [UInt8]) -> String {
    String(decoding: encode(bytes, alphabet: standard, padded: true), as: UTF8.self)
  }

  /// Base64 in the URL-safe alphabet without padding (RFC 4648 section 5, as SenML wants it).
  public static func encodeURLSafe(_ bytes: [UInt8]) -> String {
    String(decoding: encode(bytes, alphabet: safe, padded: false), as: UTF8.self)
  }

  private static func encode(_ bytes: [UInt8], alphabet: [UInt8], padded: Bool) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var group = UInt32(bytes[start]) << 16
      if count > 1 { group |= UInt32(bytes[start + 1]) << 8 }
      if count > 2 { group |= UInt32(bytes[start + 2]) }
      for position in 0..<4 {
        if position <= count {
          text.append(alphabet[Int(group >> (18 - 6 * UInt32(position))) & 0x3F])
        } else if padded {
          text.append(padding)
        }
      }
    }
    return text
  }

  /// The bytes that ``encode(_:)`` writes as this text, or nil for any other text.
  public static func decode(_ text: String) -> [UInt8]? {
    decode(Array(text.utf8)[...])
  }

  static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    guard text.count.isMultiple(of: 4) else { return nil }
    var padCount = 0
    while padCount < 2, padCount < text.count, text[text.endIndex - 1 - padCount] == padding {
      padCount += 1
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var group: UInt32 = 0
    var bitCount = 0
    for character in text.dropLast(padCount) {
      let value = values[Int(character)]
      guard value != 0xFF else { return nil }
      group = group << 6 | UInt32(value)
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bitCount)))
        group &= (1 << UInt32(bitCount)) - 1
      }
    }
    // The bits that pad the last character must be zero, and the padding must be of their length.
    guard group == 0, bitCount == 2 * padCount else { return nil }
    return bytes
  }
}

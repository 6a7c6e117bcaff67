/// Base58 in the Bitcoin alphabet, as multibase prefix `z` has it.
enum Base58 {
  private static let alphabet = Array(
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

  /// The longest text that is decoded; the work grows with the square of the length.
  static let maximumCharacterCount = 128

  static func encode(_ bytes: [UInt8]) -> String {
    var digits: [UInt8] = []  // least significant first
    for byte in bytes {
      var carry = Int(byte)
      for position in digits.indices {
        carry += Int(digits[position]) << 8
        digits[position] = UInt8(carry % 58)
        carry /= 58
      }
      while carry > 0 {
        digits.append(UInt8(carry % 58))
        carry /= 58
      }
    }
    let zeros = [UInt8](repeating: alphabet[0], count: bytes.prefix { $0 == 0 }.count)
    return String(
      decoding: zeros + digits.reversed().map { alphabet[Int($0)] }, as: UTF8.self)
  }

  /// The bytes that ``encode(_:)`` writes as this text, or nil for any other text.
  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let characters = Array(text.utf8)
    guard characters.count <= maximumCharacterCount else { return nil }
    var bytes: [UInt8] = []  // least significant first
    for character in characters {
      guard let digit = alphabet.firstIndex(of: character) else { return nil }
      var carry = digit
      for position in bytes.indices {
        carry += Int(bytes[position]) * 58
        bytes[position] = UInt8(carry & 0xFF)
        carry >>= 8
      }
      while carry > 0 {
        bytes.append(UInt8(carry & 0xFF))
        carry >>= 8
      }
    }
    let zeros = [UInt8](repeating: 0, count: characters.prefix { $0 == alphabet[0] }.count)
    return zeros + bytes.reversed()
  }
}

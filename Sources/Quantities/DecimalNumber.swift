/// Reads and writes decimal numbers exactly, as whole billionths.
public enum DecimalNumber {
  /// The billionths in a plain decimal text such as `12`, `-0.4`, `.5` or `1e-3`.
  ///
  /// Returns nil for anything else: no thousands separators, no infinity, no more than nine digits
  /// behind the point that are not zero, no magnitude of 10^18 or more.
  public static func nano(of text: some StringProtocol) -> Int128? {
    var bytes = Array(text.utf8)[...]
    var negative = false
    if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      negative = first == UInt8(ascii: "-")
      bytes.removeFirst()
    }
    guard bytes.count <= 40 else { return nil }
    var exponent = 0
    if let marker = bytes.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
      guard let parsed = smallInteger(bytes[(marker + 1)...]) else { return nil }
      exponent = parsed
      bytes = bytes[..<marker]
    }
    var digits: [UInt8] = []
    var fractionDigits: Int?
    for byte in bytes {
      if byte == UInt8(ascii: "."), fractionDigits == nil {
        fractionDigits = 0
      } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        digits.append(byte - UInt8(ascii: "0"))
        if let count = fractionDigits { fractionDigits = count + 1 }
      } else {
        return nil
      }
    }
    guard !digits.isEmpty else { return nil }
    var shift = 9 + exponent - (fractionDigits ?? 0)
    while shift < 0, digits.last == 0 {
      digits.removeLast()
      shift += 1
    }
    if digits.allSatisfy({ $0 == 0 }) { return 0 }
    guard shift >= 0 else { return nil }
    let limit: Int128 = 1_000_000_000 * 1_000_000_000_000_000_000
    var result: Int128 = 0
    for digit in digits {
      result = result * 10 + Int128(digit)
      guard result < limit else { return nil }
    }
    for _ in 0..<shift {
      result *= 10
      guard result < limit else { return nil }
    }
    return negative ? -result : result
  }

  /// Whether a text is a sign or none, then digits with at most one point among them; it may still
  /// be too large or too fine to be kept.
  static func isDecimal(_ text: some StringProtocol) -> Bool {
    var digits = text[...]
    if let sign = digits.first, sign == "-" || sign == "+" { digits.removeFirst() }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count <= 2 && parts.contains { !$0.isEmpty }
      && parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
  }

  private static func smallInteger(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count <= 4, let value = Int(String(decoding: bytes, as: UTF8.self)) else {
      return nil
    }
    return (-30...30).contains(value) ? value : nil
  }
}

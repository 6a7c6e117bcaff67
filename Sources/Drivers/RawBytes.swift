extension [[UInt8]] {
  /// Checks that there are as many byte strings as `lengths`, each of its length.
  func requireLengths(_ lengths: [Int]) throws(DriverFailure) {
    guard map(\.count) == lengths else {
      throw .malformed("raw bytes have the lengths \(map(\.count)), expected \(lengths)")
    }
  }
}

extension [UInt8] {
  /// The two bytes at `index` as a number, the most significant first; they must be there.
  func word(at index: Int) -> UInt16 {
    UInt16(self[index]) << 8 | UInt16(self[index + 1])
  }

  /// The eight bytes at `index` as a number, the most significant first; they must be there.
  func long(at index: Int) -> UInt64 {
    self[index..<(index + 8)].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Appends a number as its bytes, the most significant first.
  mutating func append(bigEndian number: some FixedWidthInteger) {
    for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }
}

extension UInt8 {
  /// The byte as it stands in data sheets, for example `0x0a`.
  var hexadecimal: String {
    let digits = String(self, radix: 16)
    return digits.count < 2 ? "0x0" + digits : "0x" + digits
  }
}

extension UInt16 {
  /// The word as it stands in data sheets, for example `0x0a00`.
  var hexadecimal: String {
    let digits = String(self, radix: 16)
    return "0x" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}

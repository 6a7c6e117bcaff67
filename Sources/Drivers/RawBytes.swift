extension [UInt8] {
  /// The two bytes at `index` as a number, the most significant first; they must be there.
  func word(at index: Int) -> UInt16 {
    UInt16(self[index]) << 8 | UInt16(self[index + 1])
  }

  /// The two bytes at `index` as a number, the least significant first; they must be there.
  func littleWord(at index: Int) -> UInt16 {
    UInt16(self[index]) | UInt16(self[index + 1]) << 8
  }

  /// The three bytes at `index` as a number, the most significant first; they must be there.
  func triple(at index: Int) -> UInt32 {
    UInt32(self[index]) << 16 | UInt32(self[index + 1]) << 8 | UInt32(self[index + 2])
  }

  /// The eight bytes at `index` as a number, the most significant first; they must be there.
  func long(at index: Int) -> UInt64 {
    self[index..<(index + 8)].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// All bytes, at most eight, as a number, the most significant first.
  var number: UInt64 { reduce(0) { $0 << 8 | UInt64($1) } }

  /// The first four bytes as a number, the least significant first; they must be there.
  var littleQuad: UInt32 { UInt32(littleWord(at: 0)) | UInt32(littleWord(at: 2)) << 16 }

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

extension UInt32 {
  /// The number in the low `bits` bits, in two's complement.
  func signed(bits: Int) -> Int32 {
    Int32(bitPattern: self << UInt32(32 - bits)) >> Int32(32 - bits)
  }
}

extension UInt64 {
  /// The number in the low `bits` bits, in two's complement.
  func signed(bits: Int) -> Int64 {
    Int64(bitPattern: self << UInt64(64 - bits)) >> Int64(64 - bits)
  }
}

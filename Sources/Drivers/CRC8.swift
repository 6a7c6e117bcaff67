/// A cyclic redundancy check of eight bits, the most significant bit first, nothing inverted.
struct CRC8: Hashable, Sendable {
  /// The polynomial without its highest term.
  let polynomial: UInt8
  /// What the register holds before the first byte.
  let initial: UInt8

  /// x^8 + x^5 + x^4 + 1 begun with ones: Sensirion's words, TI's HDC302x, Aosong's AHT20.
  static let sensirion = CRC8(polynomial: 0x31, initial: 0xFF)
  /// x^8 + x^5 + x^4 + 1 begun with zeros: TE's HTU21D and Silicon Labs' Si7021.
  static let humidityWord = CRC8(polynomial: 0x31, initial: 0x00)
  /// x^8 + x^2 + x + 1 begun with zeros: SMBus 3.1 section 5.4.1.3, packet error checking.
  static let packetError = CRC8(polynomial: 0x07, initial: 0x00)

  /// The checksum of some bytes.
  func of(_ bytes: some Sequence<UInt8>) -> UInt8 {
    var checksum = initial
    for byte in bytes {
      checksum ^= byte
      for _ in 0..<8 {
        checksum = checksum & 0x80 != 0 ? checksum << 1 ^ polynomial : checksum << 1
      }
    }
    return checksum
  }

  /// The 16-bit words of an answer in which each is followed by its checksum.
  ///
  /// Throws `checksum` with the name of the first word that is damaged; there must be a name for
  /// every word, and three bytes for every name.
  func words(of answer: [UInt8], _ names: [String]) throws(DriverFailure) -> [UInt16] {
    guard answer.count == 3 * names.count else {
      throw .malformed("answer has \(answer.count) bytes, expected \(3 * names.count)")
    }
    var words: [UInt16] = []
    for (index, name) in names.enumerated() {
      let start = 3 * index
      guard of(answer[start..<(start + 2)]) == answer[start + 2] else {
        throw .checksum("\(name) word")
      }
      words.append(answer.word(at: start))
    }
    return words
  }

  /// A word as its two bytes and their checksum.
  func bytes(of word: UInt16) -> [UInt8] {
    let bytes = [UInt8(word >> 8), UInt8(word & 0xFF)]
    return bytes + [of(bytes)]
  }
}

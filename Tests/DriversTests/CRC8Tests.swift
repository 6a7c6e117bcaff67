import Testing

@testable import Drivers

@Suite struct CRC8Tests {
  @Test func `is what the data sheets print`() {
    // Sensirion SHT3x-DIS, section 4.12, table 21.
    #expect(CRC8.sensirion.of([0xBE, 0xEF]) == 0x92)
    // TE HTU21D, "CRC checksum": 0xDC, and 0x683A with 0x7C.
    #expect(CRC8.humidityWord.of([0xDC]) == 0x79)
    #expect(CRC8.humidityWord.of([0x68, 0x3A]) == 0x7C)
    // The check value of CRC-8/SMBUS in the catalogue of parametrised CRC algorithms.
    #expect(CRC8.packetError.of("123456789".utf8) == 0xF4)
  }

  @Test func `takes words that are whole, and no others`() throws {
    let answer: [UInt8] = [0xBE, 0xEF, 0x92, 0xBE, 0xEF, 0x92]
    #expect(try CRC8.sensirion.words(of: answer, ["first", "second"]) == [0xBEEF, 0xBEEF])
    #expect(throws: DriverFailure.malformed("answer has 5 bytes, expected 6")) {
      try CRC8.sensirion.words(of: Array(answer.dropLast()), ["first", "second"])
    }
    #expect(throws: DriverFailure.checksum("second word")) {
      try CRC8.sensirion.words(of: answer.dropLast() + [0x93], ["first", "second"])
    }
  }

  @Test func `finds every error of one bit, and of two`() {
    let word: [UInt8] = [0x68, 0x3A, 0x7C]
    for first in 0..<24 {
      for second in first..<24 {
        var damaged = word
        damaged[first / 8] ^= 1 << UInt8(first % 8)
        if second != first { damaged[second / 8] ^= 1 << UInt8(second % 8) }
        #expect(CRC8.humidityWord.of(damaged.prefix(2)) != damaged[2])
      }
    }
  }
}

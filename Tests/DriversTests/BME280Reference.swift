/// The data sheet's integer formulas, for comparison (BST-BME280-DS002 section 4.2.3): 32 bits for
/// temperature and humidity, 64 bits for pressure.
struct BME280Reference {
  let t: [Int64]
  let p: [Int64]
  let h: [Int64]

  /// Trimming from registers 0x88 to 0xA1 and 0xE1 to 0xE7.
  init(_ bytes: [UInt8]) {
    func unsigned(_ index: Int) -> Int64 { Int64(bytes[index]) | Int64(bytes[index + 1]) << 8 }
    func signed(_ index: Int) -> Int64 {
      let value = unsigned(index)
      return value > 32767 ? value - 65536 : value
    }
    func twelve(_ value: Int64) -> Int64 { value > 2047 ? value - 4096 : value }
    t = [unsigned(0), signed(2), signed(4)]
    p = [
      unsigned(6), signed(8), signed(10), signed(12), signed(14), signed(16), signed(18),
      signed(20), signed(22),
    ]
    let sixth = Int64(bytes[32])
    h = [
      Int64(bytes[25]), signed(26), Int64(bytes[28]),
      twelve(Int64(bytes[29]) << 4 | Int64(bytes[30] & 15)),
      twelve(Int64(bytes[31]) << 4 | Int64(bytes[30] >> 4)), sixth > 127 ? sixth - 256 : sixth,
    ]
  }

  func fine(_ count: Int64) -> Int64 {
    let first = (((count >> 3) - (t[0] << 1)) * t[1]) >> 11
    let offset = (count >> 4) - t[0]
    return first + ((((offset * offset) >> 12) * t[2]) >> 14)
  }

  /// Degrees Celsius, in hundredths.
  func celsius(_ count: Int64) -> Double { Double((fine(count) * 5 + 128) >> 8) / 100 }

  /// Pascal, in 1/256.
  func pascal(_ count: Int64, fine: Int64) -> Double {
    let distance = fine - 128_000
    var second = distance * distance * p[5]
    second += (distance * p[4]) << 17
    second += p[3] << 35
    var first = ((distance * distance * p[2]) >> 8) + ((distance * p[1]) << 12)
    first = (((1 << 47) + first) * p[0]) >> 33
    let value = (((1_048_576 - count) << 31) - second) * 3125 / first
    let square = (p[8] * (value >> 13) * (value >> 13)) >> 25
    let linear = (p[7] * value) >> 19
    return Double(((value + square + linear) >> 8) + (p[6] << 4)) / 256
  }

  /// Percent, in 1/1024.
  func relativeHumidity(_ count: Int64, fine: Int64) -> Double {
    let distance = fine - 76_800
    let left = ((count << 14) - (h[3] << 20) - (h[4] * distance) + 16_384) >> 15
    let inner = ((distance * h[2]) >> 11) + 32_768
    let right = (((((distance * h[5]) >> 10) * inner) >> 10) + 2_097_152) * h[1] + 8192
    var value = left * (right >> 14)
    value -= ((((value >> 15) * (value >> 15)) >> 7) * h[0]) >> 4
    return Double(min(max(value, 0), 419_430_400) >> 12) / 1024
  }
}

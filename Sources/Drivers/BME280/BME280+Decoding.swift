import Quantities

extension BME280 {
  /// What eight data bytes mean, with the trimming bytes.
  ///
  /// Formula: the data sheet's double precision one (section 8.1), evaluated in IEEE 754 binary64
  /// with additions, subtractions, multiplications and divisions in exactly the written order,
  /// without fused operations, so that every machine gets the same bits. The fine temperature
  /// keeps its fraction, which the data sheet's C code drops; that is worth less than 0.02 Pa.
  ///
  /// Rounding: temperature and humidity to 0.0001 of their unit, pressure to 0.001 Pa, each finer
  /// than a step of the converter; halves away from zero.
  ///
  /// Limits: humidity is clamped to 0 to 100 %RH, as the data sheet's formula does; temperature and
  /// pressure are not, for a value out of range must be seen as such. A channel that the chip did
  /// not measure, and any that depends on it, is a fault.
  ///
  /// Throws `malformed` where the number of bytes is wrong, or there are no trimming bytes yet.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    guard let trimming else {
      throw .malformed("calibration is missing; read or restore it first")
    }
    let data = raw[0].map(UInt32.init)
    let pressure = data[0] << 12 | data[1] << 4 | data[2] >> 4
    let temperature = data[3] << 12 | data[4] << 4 | data[5] >> 4
    let humidity = data[6] << 8 | data[7]

    guard temperature != Skipped.temperature else {
      return Measurement(
        [],
        faults: Self.specification.channels.map {
          ChannelFault($0.name, cause: "temperature was not measured")
        })
    }
    let fine = trimming.fineTemperature(temperature)
    var readings: [Reading] = []
    var faults: [ChannelFault] = []
    func take(_ channel: String, _ value: Double?, steps: Double, _ unit: Unit) {
      // The bound keeps nonsense from damaged bytes out of the log and the integer in range.
      guard let value, value.magnitude < 1e9 else {
        faults.append(ChannelFault(channel, cause: "calibration and data give no value"))
        return
      }
      let count = Int128((value * steps).rounded(.toNearestOrAwayFromZero))
      let step = Int128(1e9 / steps)
      readings.append(Reading(channel, Quantity(nano: count * step, unit: unit)))
    }

    take("temperature", fine / 5120, steps: 10_000, .celsius)
    if humidity == Skipped.humidity {
      faults.append(ChannelFault("humidity", cause: "humidity was not measured"))
    } else {
      take(
        "humidity", trimming.relativeHumidity(humidity, fine), steps: 10_000, .relativeHumidity)
    }
    if pressure == Skipped.pressure {
      faults.append(ChannelFault("pressure", cause: "pressure was not measured"))
    } else {
      take("pressure", trimming.pascal(pressure, fine), steps: 1000, .pascal)
    }
    return Measurement(readings, faults: faults)
  }
}

extension BME280.Trimming {
  /// The fine temperature t_fine in 1/5120 degree Celsius (section 8.1).
  func fineTemperature(_ count: UInt32) -> Double {
    let count = Double(count)
    let first = (count / 16384 - temperature.0 / 1024) * temperature.1
    let offset = count / 131_072 - temperature.0 / 8192
    let second = offset * offset * temperature.2
    return first + second
  }

  /// The pressure in pascal; nil where the formula would divide by zero (section 8.1).
  func pascal(_ count: UInt32, _ fine: Double) -> Double? {
    let dig = pressure
    let first = fine / 2 - 64000
    var second = first * first * dig[5] / 32768
    second = second + first * dig[4] * 2
    second = second / 4 + dig[3] * 65536
    let third = dig[2] * first * first / 524_288
    let slope = (third + dig[1] * first) / 524_288
    let divisor = (1 + slope / 32768) * dig[0]
    guard divisor != 0 else { return nil }
    var result = 1_048_576 - Double(count)
    result = (result - second / 4096) * 6250 / divisor
    let square = dig[8] * result * result / 2_147_483_648
    let linear = result * dig[7] / 32768
    return result + (square + linear + dig[6]) / 16
  }

  /// The relative humidity in percent, clamped to 0 to 100 (section 8.1).
  func relativeHumidity(_ count: UInt32, _ fine: Double) -> Double {
    let dig = humidity
    let distance = fine - 76800
    let offset = dig[3] * 64 + dig[4] / 16384 * distance
    let inner = 1 + dig[2] / 67_108_864 * distance
    let outer = 1 + dig[5] / 67_108_864 * distance * inner
    let linear = (Double(count) - offset) * (dig[1] / 65536 * outer)
    let result = linear * (1 - dig[0] * linear / 524_288)
    return min(max(result, 0), 100)
  }
}

/// The EPA's NowCast of a particle concentration, from the means of the last 12 hours.
///
/// Hourly means are in micrograms per cubic meter; the hour of a sample is the one its time lies
/// in, hours beginning at whole multiples since the epoch of the samples. NaN and infinities are
/// hours without a value. A second value of an hour replaces the first. A value of an older hour
/// fills its place while that is within the 12 hours, and is counted as late otherwise.
///
/// Source: US EPA, Technical Assistance Document for the Reporting of Daily Air Quality,
/// EPA-454/B-24-002 (May 2024), section on the NowCast of particles.
public struct NowCast: Hashable, Sendable {
  /// The pollutant, which decides about the truncation.
  public let pollutant: AirQualityIndex.Pollutant
  /// How many values came for hours that have left the window.
  public private(set) var lateSamples: UInt64 = 0
  private var newestHour: Int64?
  private var means: [Double]

  private static let hours = 12
  private static let hour: Int64 = 3_600_000_000_000

  /// A NowCast of no hour yet.
  public init(of pollutant: AirQualityIndex.Pollutant) {
    self.pollutant = pollutant
    means = Array(repeating: .nan, count: Self.hours)
  }

  /// Takes the mean of an hour; gives the NowCast of the newest hour.
  public mutating func accept(_ sample: Sample) -> Double? {
    let hour = Self.hour(of: sample.nanoseconds)
    advance(toHour: hour)
    if let newestHour, newestHour - hour < Int64(Self.hours) {
      means[Self.slot(hour)] = sample.value.isFinite ? sample.value : .nan
    } else {
      lateSamples &+= 1
    }
    return value
  }

  /// Says that time has come so far; hours without a value are missing.
  public mutating func advance(to nanoseconds: Int64) {
    advance(toHour: Self.hour(of: nanoseconds))
  }

  /// The NowCast of the newest hour, truncated to the pollutant's resolution.
  ///
  /// Nil where two of the newest three hours are missing.
  public var value: Double? {
    guard let newestHour else { return nil }
    let recent = (0..<3).count { !means[Self.slot(newestHour - Int64($0))].isNaN }
    guard recent >= 2 else { return nil }
    var (least, greatest) = (Double.infinity, -Double.infinity)
    for mean in means where !mean.isNaN {
      least = min(least, mean)
      greatest = max(greatest, mean)
    }
    // The scaled rate of change; clean air has none.
    let factor = greatest > 0 ? max(0.5, least / greatest) : 1
    var (weight, weights, sum) = (1.0, 0.0, 0.0)
    for age in 0..<Self.hours {
      let mean = means[Self.slot(newestHour - Int64(age))]
      if !mean.isNaN {
        weights += weight
        sum += weight * mean
      }
      weight *= factor
    }
    return pollutant.truncated(sum / weights)
  }

  private mutating func advance(toHour hour: Int64) {
    guard let newest = newestHour else {
      newestHour = hour
      return
    }
    guard hour > newest else { return }
    for skipped in 0..<min(hour - newest, Int64(Self.hours)) {
      means[Self.slot(hour - skipped)] = .nan
    }
    newestHour = hour
  }

  // Hours since the epoch stay far from the ends of the integers.
  private static func hour(of nanoseconds: Int64) -> Int64 {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: hour)
    return remainder < 0 ? quotient - 1 : quotient
  }

  private static func slot(_ hour: Int64) -> Int {
    let remainder = Int(hour % Int64(hours))
    return remainder < 0 ? remainder + hours : remainder
  }
}

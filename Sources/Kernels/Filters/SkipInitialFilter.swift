/// Holds the first samples back, while a sensor warms up.
///
/// Every sample counts, NaN and infinities too. ESPHome: `skip_initial`.
public struct SkipInitialFilter: StreamFilter, Hashable {
  private var left: Int

  /// How many samples are held back, none for a negative number.
  public init(_ count: Int) {
    left = max(0, count)
  }

  /// Takes a sample; gives it when enough were held back.
  public mutating func accept(_ sample: Sample) -> Sample? {
    guard left == 0 else {
      left -= 1
      return nil
    }
    return sample
  }
}

/// From where windows are counted.
public enum WindowAlignment: String, Hashable, Sendable, CaseIterable {
  /// From the epoch of the samples, so that two boards with the right time cut alike.
  case epoch
  /// From the first sample.
  case firstSample
}

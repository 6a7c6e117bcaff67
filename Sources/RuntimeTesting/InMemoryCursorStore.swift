public import Runtime

/// A cursor in memory that tells how often it was kept.
public final class InMemoryCursorStore: CursorStore {
  private let places: Observed<[UInt64]>

  /// A cursor at a place.
  public init(at seq: UInt64 = 0) {
    places = Observed([seq])
  }

  /// The place that was kept last.
  public func load() -> UInt64 { places.value.last ?? 0 }

  /// Keeps a place.
  public func save(_ seq: UInt64) { places.change { $0.append(seq) } }

  /// All places that were kept, in their order.
  public var saved: [UInt64] { Array(places.value.dropFirst()) }

  /// Waits until a place at or behind `seq` was kept.
  public func waitUntilSaved(_ seq: UInt64) async throws {
    try await places.wait { ($0.last ?? 0) >= seq }
  }
}

import Board

/// Which buses bring no measurement at all though somebody asks.
struct BusHealth: Hashable, Sendable {
  private var out: Set<String> = []

  /// Whether none of a bus's sensors measures.
  func isOut(_ bus: String) -> Bool { out.contains(bus) }

  /// Looks at a bus again after one of its sensors was asked; gives the change that this makes.
  ///
  /// Only a bus with several sensors can be told from its sensors.
  mutating func note(
    _ sensors: [SensorHealth], of board: Board, _ bus: String
  ) -> SensorTransition? {
    let states = zip(board.sensors, sensors).filter { $0.0.bus == bus }.map(\.1)
    guard states.count > 1 else { return nil }
    if states.allSatisfy(\.isOut) {
      guard out.insert(bus).inserted else { return nil }
      return .failed(cause: "none of its \(states.count) sensors measures")
    }
    guard states.contains(where: { $0.condition == .measuring }), out.remove(bus) != nil else {
      return nil
    }
    return .recovered(missed: 0)
  }
}

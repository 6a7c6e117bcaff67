public import Buses

/// What a driver and its chip said to each other, and what the driver made of it.
///
/// Its text is readable, is a strict test of the driver (`differences`), and plays the chip on a
/// virtual bus.
public struct BusRecording: Hashable, Sendable {
  /// One call of the driver.
  public struct Step: Hashable, Sendable {
    /// What the driver was asked to do.
    public let call: Call
    /// The exchanges that it made.
    public let exchanges: [BusExchange]
    /// What came of it.
    public let result: Result

    /// A call with its exchanges and its result.
    public init(_ call: Call, _ exchanges: [BusExchange], _ result: Result) {
      self.call = call
      self.exchanges = exchanges
      self.result = result
    }
  }

  /// What a driver is asked to do.
  public enum Call: String, Hashable, Sendable, CaseIterable {
    case identify, reset, configure, begin, proceed, fetch
  }

  /// What came of a call.
  public enum Result: Hashable, Sendable {
    /// The chip needs a time before the next call; zero after `identify`.
    case wait(Duration)
    /// The bytes decode to a measurement.
    case measurement(Measurement)
    /// The driver gave a failure, in its words.
    case failure(String)
  }

  /// The driver's name.
  public let driver: String
  /// The chip's address.
  public let address: I2CAddress
  /// The driver's options as they were written, by key.
  public let options: [String: String]
  /// The calls in their order.
  public private(set) var steps: [Step] = []

  /// A recording without steps yet.
  public init(driver: String, address: I2CAddress, options: [String: String]) {
    self.driver = driver
    self.address = address
    self.options = options
  }

  /// Adds a call.
  public mutating func append(_ step: Step) { steps.append(step) }

  /// All exchanges in their order.
  public var exchanges: [BusExchange] { steps.flatMap(\.exchanges) }

  /// Sets a chip up and measures some times, noting everything; ends at the first failure.
  ///
  /// `wait` must let a time pass; a driver never does. Before every measurement `isDue` may let time
  /// pass too, and ends the recording where it says no.
  public mutating func take<Bus: I2CBus & ~Copyable, Failure: Error>(
    _ count: Int, of driver: inout any I2CSensor, on bus: inout RecordingI2CBus<Bus>,
    wait: (Duration) throws(Failure) -> Void, isDue: () -> Bool = { true }
  ) throws(Failure) {
    for call in [Call.identify, .reset, .configure] {
      guard try take(call, of: &driver, on: &bus, wait: wait) == .done else { return }
    }
    for _ in 0..<count {
      guard isDue() else { return }
      guard try take(.begin, of: &driver, on: &bus, wait: wait) == .done else { return }
      var taken = Taken.done
      while taken == .done { taken = try take(.proceed, of: &driver, on: &bus, wait: wait) }
      guard taken == .needless, try take(.fetch, of: &driver, on: &bus, wait: wait) == .done
      else { return }
    }
  }

  /// What became of a call.
  private enum Taken {
    case done, failed
    /// The driver had nothing to do in it, so that it is no step.
    case needless
  }

  private mutating func take<Bus: I2CBus & ~Copyable, Failure: Error>(
    _ call: Call, of driver: inout any I2CSensor, on bus: inout RecordingI2CBus<Bus>,
    wait: (Duration) throws(Failure) -> Void
  ) throws(Failure) -> Taken {
    guard let result = call.result(of: &driver, on: &bus) else { return .needless }
    append(Step(call, bus.takeExchanges(), result))
    switch result {
    case .wait(let pause):
      if pause > .zero { try wait(pause) }
      return .done
    case .measurement: return .done
    case .failure: return .failed
    }
  }
}

extension BusRecording.Call {
  /// Makes the call; nil where the driver has nothing left to proceed with.
  func result<Bus: I2CBus & ~Copyable>(
    of driver: inout any I2CSensor, on bus: inout Bus
  ) -> BusRecording.Result? {
    do throws(DriverFailure) {
      switch self {
      case .identify:
        try driver.identify(on: &bus)
        return .wait(.zero)
      case .reset: return .wait(try driver.reset(on: &bus))
      case .configure: return .wait(try driver.configure(on: &bus))
      case .begin: return .wait(try driver.begin(on: &bus))
      case .proceed:
        return try driver.proceed(on: &bus).map { .wait($0) }
      case .fetch: return .measurement(try driver.decode(try driver.fetch(from: &bus)))
      }
    } catch {
      return .failure(error.description)
    }
  }
}

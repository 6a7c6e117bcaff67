import Buses
import Drivers

/// What is done to bring a sensor back, from the mildest to the hardest.
public enum RecoveryStep: String, Hashable, Sendable, CaseIterable {
  /// The measurement is tried once more as it is, against noise on the bus.
  case retry = "retried"
  /// The chip is identified, reset and configured anew.
  case reinitialise = "set up anew"
  /// The bus's adapter is closed and opened.
  case reopen = "adapter opened anew"
  /// The chip's supply is switched off and on.
  case powerCycle = "power cycled"
}

/// Which step comes next for one sensor that fails.
///
/// The first two steps belong to every attempt; the harder ones are for a sensor that fails one
/// attempt after the other. One that has climbed all of them is absent: it is probed with back-off,
/// for ever, and nothing harder is done for it, since the bus and the supply belong to others too.
struct FaultLadder: Hashable, Sendable {
  /// Attempts in a row that brought no measurement, with all their steps.
  private(set) var failures = 0
  private var backOff = BackOff()

  /// How many attempts may fail before the sensor counts as absent.
  static let patience = 3

  /// Whether all steps were taken in vain.
  var isAbsent: Bool { failures >= Self.patience }

  /// Whether another attempt is due at a time of the monotonic clock.
  func isDue(_ now: Int64) -> Bool { backOff.isDue(now) }

  /// The steps of one attempt after the measurement itself has failed.
  ///
  /// - Parameters:
  ///   - isConfigured: Whether the chip was set up before, so that only noise may be in the way.
  ///   - canCyclePower: Whether the board file names a line that switches the supply.
  func steps(isConfigured: Bool, canCyclePower: Bool) -> [RecoveryStep] {
    // One that is absent is looked for, and no more.
    guard !isAbsent else { return [] }
    var steps: [RecoveryStep] = isConfigured ? [.retry, .reinitialise] : [.reinitialise]
    if failures == 1 { steps.append(.reopen) }
    if failures == 2, canCyclePower { steps.append(.powerCycle) }
    return steps
  }

  /// Notes that an attempt failed with all its steps.
  mutating func fail(now: Int64) {
    failures = min(failures + 1, Self.patience)
    backOff.fail(now: now)
  }
}

extension DriverFailure {
  /// Whether trying the same once more may help; a chip that lost its settings needs them first.
  var isWorthARetry: Bool {
    switch self {
    case .bus(let failure): failure.kind != .deviceGone && failure.kind != .unsupported
    case .checksum, .notReady: true
    case .kernel(let failure): failure.isWorthARetry
    case .line, .wrongIdentity, .wasReset, .malformed: false
    }
  }

  /// Whether the adapter, and not only the chip, may be in the way; the kernel's drivers see to
  /// their own.
  var isOfTheBus: Bool {
    guard case .bus(let failure) = self else { return false }
    switch failure.kind {
    case .arbitrationLost, .timeout, .busy, .deviceGone, .other: return true
    case .noAcknowledge, .noAcknowledgeOfAddress, .noAcknowledgeOfData, .unsupported: return false
    }
  }
}

extension KernelDeviceFailure {
  /// Whether trying the same once more may help.
  var isWorthARetry: Bool {
    switch kind {
    case .noData, .noAnswer, .busy, .timeout, .other: true
    case .noSuchDevice, .ambiguous, .deviceGone, .noSuchAttribute, .unsupported: false
    }
  }
}

public import Buses
public import Configuration
import Quantities

/// Pulses of a meter on an input line: how many, how fast, and what energy they stand for.
///
/// For S0 outputs (IEC 62053-31), flashing diodes, reed contacts, rain gauges. The total never goes
/// back: the runtime continues it over restarts with `resume`.
///
/// Debounce: an edge of either direction that comes sooner than the debounce time after the edge
/// that was last accepted is ignored, and does not make the dead time longer. So a contact that
/// bounces when it closes or opens counts once, and a line that never rests still counts. The time
/// must be shorter than the shortest pulse and the shortest pause.
///
/// Rate and power are those of the last two pulses, or, once the wait for the next pulse is longer
/// than their distance, what they could be at most if it came now; so they fall as 1/t while none
/// comes. Before two pulses have come since the start both are faults, for nothing is known.
///
/// Source: IEC 62053-31 section 4 (pulse and pause of at least 30 ms).
public struct PulseCounter: LineSensor {
  private let debounceNanoseconds: Int64
  private let counted: Counted
  var energyPerPulse: EnergyPerPulse?
  private var total: UInt64 = 0
  private var lastAccepted: Int64?
  private var lastPulse: Int64?
  private var interval: UInt64 = 0

  /// A counter with its debounce time, its edge and the energy of a pulse.
  public init(options: OptionValues) throws(OptionConflict) {
    debounceNanoseconds = Int64(clamping: try options.requiredNano("debounce"))
    counted = try options.choice("edge")
    energyPerPulse = try EnergyPerPulse(options)
  }

  /// Always zero: pulses come by themselves.
  public var conversionTime: Duration { .zero }

  /// The energy of a pulse in nanojoule, 8 bytes, most significant first; nil without `per-pulse`.
  public var calibration: [UInt8]? { energyPerPulse?.bytes }

  /// Takes the 8 bytes that `calibration` gave earlier, or none.
  public mutating func restore(calibration: [UInt8]) throws(DriverFailure) {
    energyPerPulse = calibration.isEmpty ? nil : try EnergyPerPulse(calibration)
  }

  /// Counts an edge, unless it bounces or goes the other way.
  public mutating func accept(_ edge: LineEdge) {
    if let lastAccepted {
      let (distance, overflow) = edge.timestamp.subtractingReportingOverflow(lastAccepted)
      guard !overflow, distance >= debounceNanoseconds else { return }
    }
    lastAccepted = edge.timestamp
    guard counted.includes(edge.direction) else { return }
    total &+= 1
    if let lastPulse {
      // Zero means that there is no interval, so two pulses at once are a nanosecond apart.
      interval = UInt64(max(1, edge.timestamp &- lastPulse))
    }
    lastPulse = edge.timestamp
  }

  /// The total, the last interval and the time since the last pulse, as `decode` takes them.
  public mutating func fetch(at timestamp: Int64) -> [[UInt8]] {
    var bytes: [UInt8] = []
    bytes.append(bigEndian: total)
    bytes.append(bigEndian: interval)
    if let lastPulse {
      let (age, overflow) = timestamp.subtractingReportingOverflow(lastPulse)
      bytes.append(bigEndian: overflow ? UInt64(Int64.max) : UInt64(max(0, age)))
    } else {
      bytes.append(bigEndian: Self.never)
    }
    return [bytes]
  }

  /// Adds the pulses of an earlier run to the total.
  public mutating func resume(from readings: [Reading]) {
    for reading in readings where reading.channel == "pulses" {
      total &+= UInt64(clamping: reading.quantity.nano / 1_000_000_000)
    }
  }
}

import Buses
import Foundation
import Synchronization
import Testing

@testable import VirtualHardware

/// A monotonic clock that moves only when it is told to, or when somebody waits on it.
final class ManualClock: Sendable {
  private let time: Mutex<Int64>
  private let overshootNanoseconds: Int64

  init(_ nanoseconds: Int64 = 0, overshootNanoseconds: Int64 = 0) {
    time = Mutex(nanoseconds)
    self.overshootNanoseconds = overshootNanoseconds
  }

  var now: Int64 {
    get { time.withLock { $0 } }
    set { time.withLock { $0 = newValue } }
  }

  func advance(microseconds: Int64) {
    time.withLock { $0 += microseconds * 1000 }
  }

  var read: @Sendable () -> Int64 { { self.now } }

  var wait: @Sendable (Duration) -> Void {
    { duration in
      let (seconds, attoseconds) = duration.components
      let late = self.overshootNanoseconds
      self.time.withLock { $0 += seconds * 1_000_000_000 + attoseconds / 1_000_000_000 + late }
    }
  }
}

func address(_ number: Int) throws -> I2CAddress { try #require(I2CAddress(number)) }

/// A recording of the repository, with the columns that are asked for.
func recording(_ name: String, columns: Set<String>? = nil) throws -> Recording {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let file = folder.appendingPathComponent("boards/recordings/\(name).csv")
  return try Recording(name: name, csv: [UInt8](Data(contentsOf: file)), columns: columns)
}

func signal(_ text: String, _ playbacks: Playback..., origin: Int64 = 0) throws -> Signal {
  try Signal(Stimulus(parsing: text), playbacks: playbacks, originNanoseconds: origin)
}

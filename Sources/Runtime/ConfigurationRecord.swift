public import Board
import Drivers
import Evidence

/// What a board records of its configuration, before the first data that depends on it.
public struct ConfigurationRecord: Sendable {
  /// The most bytes of a body; an entry has 65,535, the rest is for its head.
  private static let byteCount = 64_000
  /// More than any chip's factory calibration has.
  private static let longestCalibration = [UInt8](repeating: 0, count: 64)

  private let board: Board
  private let boardFile: [UInt8]
  private let version: String

  /// The configuration of a board, with the bytes of its file and the runtime's version.
  public init(board: Board, boardFile: [UInt8], version: String) {
    self.board = board
    self.boardFile = boardFile
    self.version = version
  }

  /// Whether it fits into an entry whatever calibrations the chips have.
  public var fits: Bool {
    let longest = board.sensors.map { _ in Self.longestCalibration as [UInt8]? }
    return Self.fits(body(calibrations: longest, includingFile: false))
  }

  private static func fits(_ body: CBOR) -> Bool {
    guard let bytes = try? body.encoded() else { return false }
    return bytes.count <= byteCount
  }

  /// The body of the entry, with the sensors' calibrations in the board's order.
  ///
  /// A file that fits need not fit together with all the calibrations; then its hash stands for it.
  func body(calibrations: [[UInt8]?]) -> CBOR {
    let body = body(
      calibrations: calibrations, includingFile: board.record.includesConfiguration)
    return Self.fits(body) ? body : self.body(calibrations: calibrations, includingFile: false)
  }

  private func body(calibrations: [[UInt8]?], includingFile: Bool) -> CBOR {
    let sensors = zip(board.sensors, calibrations).map { sensor, calibration in
      ConfigurationBody.Sensor(
        name: sensor.name, driver: sensor.specification.name,
        driverRevision: sensor.specification.revision, calibration: calibration)
    }
    let kernels = board.kernels.map { kernel in
      ConfigurationBody.Kernel(
        name: kernel.name, kind: kernel.specification.name,
        revision: kernel.specification.revision,
        parameters: kernel.parameters.map { CBOR.Pair(.text($0.name), .text($0.text)) })
    }
    return ConfigurationBody(
      boardFile: boardFile, recordingFile: includingFile, runtimeVersion: version,
      sensors: sensors, kernels: kernels
    ).cbor
  }
}

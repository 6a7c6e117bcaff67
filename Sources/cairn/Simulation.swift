import Board
import Configuration
import VirtualHardware

/// The signals that drive a simulated board's models, by sensor and channel.
struct Simulation: Sendable {
  let signals: [String: [String: Signal]]

  /// Reads the recordings that a board names and binds its stimuli to them; what is wrong becomes
  /// a diagnostic at the place that names it.
  ///
  /// The play begins at `origin`, in nanoseconds of the monotonic clock.
  static func load(
    _ board: Board, directory: String, origin: Int64, _ diagnostics: inout [Diagnostic]
  ) -> Simulation {
    var stimuli: [(sensor: String, channel: String, stimulus: Stimulus, position: Position)] = []
    for sensor in board.sensors {
      for (channel, text) in sensor.stimuli.sorted(by: { $0.key < $1.key }) {
        do {
          let stimulus = try Stimulus(parsing: text.text)
          stimuli.append((sensor.name, channel, stimulus, text.position))
        } catch {
          diagnostics.append(
            Diagnostic(
              at: text.position, "'\(channel)' \(error.message)", remedy: error.remedy))
        }
      }
    }
    var playbacks: [Playback] = []
    for recording in board.recordings {
      let columns = Set(
        stimuli.compactMap { use in
          use.stimulus.recording?.name == recording.name ? use.stimulus.recording?.column : nil
        })
      if let playback = playback(recording, columns, directory: directory, &diagnostics) {
        playbacks.append(playback)
      }
    }
    var signals: [String: [String: Signal]] = [:]
    let known = Set(board.recordings.map(\.name))
    for use in stimuli {
      if let name = use.stimulus.recording?.name, known.contains(name),
        !playbacks.contains(where: { $0.recording.name == name })
      {
        continue
      }
      do {
        signals[use.sensor, default: [:]][use.channel] = try Signal(
          use.stimulus, playbacks: playbacks, originNanoseconds: origin)
      } catch {
        diagnostics.append(
          Diagnostic(at: use.position, "'\(use.channel)' \(error.message)", remedy: error.remedy))
      }
    }
    return Simulation(signals: signals)
  }

  private static func playback(
    _ declaration: RecordingDeclaration, _ columns: Set<String>, directory: String,
    _ diagnostics: inout [Diagnostic]
  ) -> Playback? {
    let path = declaration.file.hasPrefix("/") ? declaration.file : directory + declaration.file
    func report(_ message: String, _ remedy: String) {
      diagnostics.append(Diagnostic(at: declaration.position, message, remedy: remedy))
    }
    let bytes: [UInt8]
    do {
      bytes = try FileBytes.read(path, limit: 256 << 20)
    } catch {
      report("\(error)", "name a CSV file relative to the board file")
      return nil
    }
    let recording: Recording
    do {
      // Only the columns that something asks for are kept, which a wrong name must not prevent.
      let all = try Recording(name: declaration.name, csv: bytes, columns: nil)
      let kept = columns.intersection(all.columns)
      recording = try Recording(name: declaration.name, csv: bytes, columns: kept)
    } catch {
      report("recording '\(declaration.file)' line \(error.line): \(error.message)", error.remedy)
      return nil
    }
    do {
      let speed = Double(declaration.speed) / 1e9
      return try Playback(of: recording, from: declaration.start, speed: speed)
    } catch {
      report("recording '\(declaration.name)': \(error.message)", error.remedy)
      return nil
    }
  }
}

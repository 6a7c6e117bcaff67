import Board
import Buses
import Configuration
import Drivers
import VirtualHardware

/// The signals that drive a simulated board's models, by sensor and channel.
struct Simulation: Sendable {
  let signals: [String: [String: Signal]]
  /// The exchanges that play parts, by sensor.
  let played: [String: [BusExchange]]

  /// Reads the recordings that a board names and binds its stimuli to them; what is wrong becomes
  /// a diagnostic at the place that names it.
  ///
  /// The play begins at `origin`, in nanoseconds of the monotonic clock.
  static func load(
    _ surroundings: BoardSurroundings, of sensors: [SensorDeclaration], directory: String,
    origin: Int64, _ diagnostics: inout [Diagnostic]
  ) -> Simulation {
    var uses: [(text: StimulusText, stimulus: Stimulus)] = []
    for text in surroundings.stimuli {
      do {
        uses.append((text, try Stimulus(parsing: text.text)))
      } catch {
        diagnostics.append(
          Diagnostic(at: text.position, "'\(text.channel)': \(error.message)", remedy: error.remedy)
        )
      }
    }
    var recordings: [String: LoadedRecording] = [:]
    for declaration in surroundings.recordings {
      let columns = Set(
        uses.compactMap { use in
          use.stimulus.recording?.name == declaration.name ? use.stimulus.recording?.column : nil
        })
      recordings[declaration.name] = LoadedRecording(
        declaration, using: columns, directory: directory, &diagnostics)
    }
    var signals: [String: [String: Signal]] = [:]
    for (text, stimulus) in uses {
      var playbacks: [Playback] = []
      if let (name, column) = stimulus.recording {
        guard surroundings.recordingNames.contains(name) else {
          diagnostics.append(noRecording(name, text, known: surroundings.recordingNames))
          continue
        }
        guard let recording = recordings[name] else { continue }
        guard recording.columns.contains(column) else {
          diagnostics.append(
            Diagnostic(
              at: text.position,
              "'\(text.channel)': recording '\(name)' has no column '\(column)'",
              remedy: suggestion(for: column, among: recording.columns)))
          continue
        }
        playbacks = [recording.playback]
      }
      do {
        signals[text.sensor, default: [:]][text.channel] = try Signal(
          stimulus, playbacks: playbacks, originNanoseconds: origin)
      } catch {
        diagnostics.append(
          Diagnostic(at: text.position, "'\(text.channel)': \(error.message)", remedy: error.remedy)
        )
      }
    }
    return Simulation(
      signals: signals,
      played: played(surroundings.playbacks, of: sensors, directory: directory, &diagnostics))
  }

  private static func played(
    _ playbacks: [PlaybackText], of sensors: [SensorDeclaration], directory: String,
    _ diagnostics: inout [Diagnostic]
  ) -> [String: [BusExchange]] {
    var played: [String: [BusExchange]] = [:]
    for playback in playbacks {
      let path = playback.file.hasPrefix("/") ? playback.file : directory + playback.file
      do {
        let recording = try BusRecordingFile.read(path)
        guard recording.driver == playback.driver else {
          diagnostics.append(
            Diagnostic(
              at: playback.position,
              "'\(playback.file)' was recorded with driver '\(recording.driver)', not "
                + "'\(playback.driver)'", remedy: "name a recording of a '\(playback.driver)'"))
          continue
        }
        if let sensor = sensors.first(where: { $0.name == playback.sensor }),
          let difference = difference(of: recording, from: sensor, at: playback)
        {
          diagnostics.append(difference)
          continue
        }
        played[playback.sensor] = recording.exchanges
      } catch {
        diagnostics.append(
          Diagnostic(
            at: playback.position, error.message,
            remedy: "name a file of 'cairn record', relative to the board file"))
      }
    }
    return played
  }

  /// What a driver with other options would make of the recorded exchanges, nobody measured.
  private static func difference(
    of recording: BusRecording, from sensor: SensorDeclaration, at playback: PlaybackText
  ) -> Diagnostic? {
    let specification = sensor.specification
    let recorded: OptionValues
    do throws(DriverInstance.Refusal) {
      recorded = try DriverInstance.values(specification, recording.options)
    } catch {
      return Diagnostic(
        at: playback.position, "'\(playback.file)' has other options than the driver: \(error)",
        remedy: "make a new recording with 'cairn record'")
    }
    func texts(_ values: OptionValues) -> [String: String] {
      Dictionary(values.texts.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
    }
    let (had, has) = (texts(recorded), texts(sensor.options))
    let other = specification.options.map(\.name).filter { had[$0] != has[$0] }
    guard !other.isEmpty else { return nil }
    func list(_ values: [String: String]) -> String {
      other.map { name in values[name].map { "'\(name): \($0)'" } ?? "no '\(name)'" }
        .joined(separator: " and ")
    }
    return Diagnostic(
      at: playback.position,
      "'\(playback.file)' was recorded with \(list(had)), and '\(sensor.name)' has \(list(has))",
      remedy: "write the options of the recording, or name another one")
  }

  private static func noRecording(
    _ name: String, _ text: StimulusText, known: [String]
  ) -> Diagnostic {
    Diagnostic(
      at: text.position, "'\(text.channel)': there is no recording '\(name)'",
      remedy: known.isEmpty
        ? "write 'simulation: { recordings: { \(name): { file: FILE.csv } } }' too"
        : suggestion(for: name, among: known))
  }
}

/// A recording from its file, and how it is played.
private struct LoadedRecording {
  /// All columns but the first, which holds the time; also those that are not kept.
  let columns: [String]
  let playback: Playback

  /// Reads the file, and keeps only those columns that something asks for; nil, and a diagnostic,
  /// where the file is not there or wrong.
  init?(
    _ declaration: RecordingDeclaration, using wanted: Set<String>, directory: String,
    _ diagnostics: inout [Diagnostic]
  ) {
    let path = declaration.file.hasPrefix("/") ? declaration.file : directory + declaration.file
    let bytes: [UInt8]
    do {
      let limit = 256 << 20
      bytes = try FileBytes.read(path, limit: limit)
      guard bytes.count <= limit else {
        diagnostics.append(
          Diagnostic(
            at: declaration.position, "'\(declaration.file)' is larger than 256 MiB",
            remedy: "cut the recording, or keep only the columns that are used"))
        return nil
      }
    } catch {
      diagnostics.append(
        Diagnostic(
          at: declaration.position, "\(error)",
          remedy: "name a CSV file, relative to the board file"))
      return nil
    }
    let header = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    columns = header.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      .dropFirst().map { String(decoding: $0, as: UTF8.self) }
    do {
      let recording = try Recording(
        name: declaration.name, csv: bytes, columns: wanted.intersection(columns))
      do {
        playback = try Playback(
          of: recording, from: declaration.start, speed: Double(declaration.speed) / 1e9)
      } catch {
        diagnostics.append(
          Diagnostic(
            at: declaration.startPosition, "recording '\(declaration.name)': \(error.message)",
            remedy: error.remedy))
        return nil
      }
    } catch {
      diagnostics.append(
        Diagnostic(
          at: declaration.position, "'\(declaration.file)' line \(error.line): \(error.message)",
          remedy: error.remedy))
      return nil
    }
  }
}

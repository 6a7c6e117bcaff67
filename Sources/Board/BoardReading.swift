public import Configuration

/// What a board file means, as far as it could be understood, and all that is wrong with it.
public struct BoardReading: Sendable {
  /// The board; nil where there is a diagnostic.
  public let board: Board?
  /// What the file names outside itself, also where other parts are wrong, so that it can be
  /// checked in the same run; nil where the file is no mapping.
  public let surroundings: BoardSurroundings?
  /// What is wrong, in the order of the file.
  public let diagnostics: [Diagnostic]
}

/// What a board file names outside itself, for those who can look there.
public struct BoardSurroundings: Sendable {
  /// The broker, where its section has no error.
  public let mqtt: MQTTSettings?
  /// The recordings without an error.
  public let recordings: [RecordingDeclaration]
  /// The names of all recordings, also of those with an error.
  public let recordingNames: [String]
  /// What drives the models of parts.
  public let stimuli: [StimulusText]
  /// The bus recordings that play parts.
  public let playbacks: [PlaybackText]
}

/// Everything that is wrong with a board file.
public struct BoardFileErrors: Error, Hashable, Sendable {
  /// The errors, in the order of the file.
  public let diagnostics: [Diagnostic]

  /// Errors in the order of the file.
  public init(diagnostics: [Diagnostic]) {
    self.diagnostics = diagnostics
  }
}

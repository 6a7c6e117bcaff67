/// All kinds of kernels.
public enum KernelCatalogue {
  /// The kinds, in the order of their names.
  public static let all: [any StreamKernel.Type] = kinds.sorted {
    $0.specification.name < $1.specification.name
  }

  private static let kinds: [any StreamKernel.Type] = [
    FormulaKernel<AbsoluteHumidityFormula>.self,
    EachChannel<AirQualityKernel>.self,
    EachChannel<AnomalyKernel>.self,
    EachChannel<CUSUMKernel>.self,
    FormulaKernel<DewPointFormula>.self,
    EachChannel<ForecastKernel>.self,
    EachChannel<HampelKernel>.self,
    FormulaKernel<HeatIndexFormula>.self,
    MultivariateKernel.self,
    EachChannel<RainRateKernel>.self,
    FormulaKernel<SeaLevelPressureFormula>.self,
    EachChannel<SeasonalKernel>.self,
    EachChannel<StatisticsKernel>.self,
    EachChannel<ThresholdKernel>.self,
    FormulaKernel<PressureDeficitFormula>.self,
    FormulaKernel<WetBulbFormula>.self,
    WindKernel.self,
    FormulaKernel<WindChillFormula>.self,
    EachChannel<FilterKernel<MedianKind>>.self,
    EachChannel<FilterKernel<MinimumKind>>.self,
    EachChannel<FilterKernel<MaximumKind>>.self,
    EachChannel<FilterKernel<QuantileKind>>.self,
    EachChannel<FilterKernel<MovingAverageKind>>.self,
    EachChannel<FilterKernel<ExponentialMovingAverageKind>>.self,
    EachChannel<FilterKernel<ThrottleKind>>.self,
    EachChannel<FilterKernel<ThrottleAverageKind>>.self,
    EachChannel<FilterKernel<DebounceKind>>.self,
    EachChannel<FilterKernel<HeartbeatKind>>.self,
    EachChannel<FilterKernel<TimeoutKind>>.self,
    EachChannel<FilterKernel<SkipInitialKind>>.self,
    EachChannel<FilterKernel<DeltaKind>>.self,
    EachChannel<FilterKernel<ClampKind>>.self,
    EachChannel<FilterKernel<FilterOutKind>>.self,
    EachChannel<FilterKernel<RoundKind>>.self,
    EachChannel<FilterKernel<RoundToMultipleKind>>.self,
    EachChannel<FilterKernel<SpikeRejectionKind>>.self,
    EachChannel<FilterKernel<LinearCalibrationKind>>.self,
    EachChannel<FilterKernel<PolynomialCalibrationKind>>.self,
    EachChannel<ConvertKernel>.self,
    CombineKernel.self,
    EachChannel<SessionKernel>.self,
    EachChannel<ExponentialMeanKernel>.self,
    EachChannel<QARTODKernel>.self,
    ConsistencyKernel.self,
    EachChannel<WaveformKernel>.self,
    EachChannel<VoltageEventsKernel>.self,
    FrequencyKernel.self,
    EachChannel<OscillationKernel>.self,
    PowerKernel.self,
    EachChannel<EnergyKernel>.self,
    UnbalanceKernel.self,
  ]

  /// The kind behind a word of the board file.
  public static func kind(named name: String) -> (any StreamKernel.Type)? {
    all.first { $0.specification.name == name }
  }
}

namespace Faultline.Explain.Values;

/// <summary>Says what the values in a report may be.</summary>
internal interface IValueClassifier
{
    /// <summary>Classifies one value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="context">The report that it stands in, for the architecture, the stack pointer and the images.</param>
    ClassifiedValue Classify(ulong value, ExplainContext context);
}

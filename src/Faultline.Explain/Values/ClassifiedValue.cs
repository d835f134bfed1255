using Faultline.Explain.Findings;

namespace Faultline.Explain.Values;

/// <summary>What a value was found to be.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Text">A few words for a person (<c>POISON_FREE + 0x8</c>, <c>-EINVAL</c>); empty when there is nothing to add.</param>
/// <param name="Confidence">How sure that is: certain where a fixed layout or a symbol says it, possible where other readings are about as likely.</param>
/// <param name="Poison">The pattern where <paramref name="Class"/> is <see cref="ValueClass.Poison"/>.</param>
internal readonly record struct ClassifiedValue(ValueClass Class, string Text, Confidence Confidence = Confidence.Likely, PoisonMatch? Poison = null);

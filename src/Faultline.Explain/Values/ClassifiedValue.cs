namespace Faultline.Explain.Values;

/// <summary>What a value was found to be.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Text">A few words for a person (<c>freed slab object (0x6b) + 8</c>, <c>-EINVAL</c>); empty when there is nothing to add.</param>
internal readonly record struct ClassifiedValue(ValueClass Class, string Text);

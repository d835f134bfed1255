namespace Faultline.Cpu.Semantics.Float;

/// <content>Conversions between formats.</content>
internal static partial class SoftFloat
{
    /// <summary>
    /// The operand of a conversion between formats, ready to be packed: a signalling NaN raises IE and becomes quiet, a
    /// denormal raises DE.
    /// </summary>
    public static Unpacked ConvertOperand(in Unpacked a, ref FloatContext c)
    {
        if (a.IsNaN)
            return PropagateNaN(a, ref c);
        RaiseDenormal(a, ref c);
        return a;
    }
}

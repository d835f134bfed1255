namespace Faultline.Cpu.Semantics.Float;

/// <content>Which NaN an operation returns.</content>
internal static partial class SoftFloat
{
    /// <summary>Raises IE and returns the default NaN.</summary>
    public static Unpacked InvalidResult(ref FloatContext c)
    {
        c.Raise(FloatFlags.Invalid);
        return Unpacked.DefaultNaN;
    }

    /// <summary>The result of an operation with one operand, which is a NaN or unsupported.</summary>
    public static Unpacked PropagateNaN(in Unpacked a, ref FloatContext c)
    {
        if (a.Class >= FloatClass.SignalingNaN)
            c.Raise(FloatFlags.Invalid);
        return Quiet(a);
    }

    /// <summary>
    /// The result of an operation with two operands of which at least one is a NaN or unsupported: SSE returns the
    /// first NaN; the x87 returns a quiet NaN rather than a signalling one and else the larger significand (SDM Vol. 1,
    /// table 4-7).
    /// </summary>
    public static Unpacked PropagateNaN(in Unpacked a, in Unpacked b, ref FloatContext c)
    {
        if (a.Class == FloatClass.Unsupported || b.Class == FloatClass.Unsupported)
            return InvalidResult(ref c);
        bool signalingA = a.Class == FloatClass.SignalingNaN;
        bool signalingB = b.Class == FloatClass.SignalingNaN;
        if (signalingA || signalingB)
            c.Raise(FloatFlags.Invalid);
        if (!b.IsNaN)
            return Quiet(a);
        if (!a.IsNaN)
            return Quiet(b);
        if (!c.IsX87)
            return Quiet(a);
        if (signalingA != signalingB)
            return signalingA ? b : a;
        if (a.High != b.High)
            return Quiet(a.High > b.High ? a : b);
        return Quiet(a.Sign ? b : a);
    }

    /// <summary>A NaN operand as a result: the quiet bit set; the default NaN for an unsupported encoding.</summary>
    public static Unpacked Quiet(in Unpacked a)
    {
        if (a.Class == FloatClass.Unsupported)
            return Unpacked.DefaultNaN;
        Unpacked result = a;
        result.High |= 1UL << 62;
        result.Class = FloatClass.QuietNaN;
        return result;
    }
}

namespace Faultline.Cpu.Semantics.Float;

/// <content>Comparisons.</content>
internal static partial class SoftFloat
{
    /// <summary>Compares two operands.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="quiet">Whether only signalling NaNs raise IE (UCOMISD, FUCOM); otherwise every NaN does.</param>
    /// <param name="c">Receives IE or DE.</param>
    public static FloatRelation Compare(in Unpacked a, in Unpacked b, bool quiet, ref FloatContext c)
    {
        if (a.IsNaN || b.IsNaN)
        {
            if (!quiet || a.Class >= FloatClass.SignalingNaN || b.Class >= FloatClass.SignalingNaN)
                c.Raise(FloatFlags.Invalid);
            return FloatRelation.Unordered;
        }

        RaiseDenormal(a, b, ref c);
        if (a.Class == FloatClass.Zero)
        {
            if (b.Class == FloatClass.Zero)
                return FloatRelation.Equal;
            return b.Sign ? FloatRelation.Greater : FloatRelation.Less;
        }

        if (b.Class == FloatClass.Zero || a.Sign != b.Sign)
            return a.Sign ? FloatRelation.Less : FloatRelation.Greater;
        int magnitude = CompareMagnitude(a, b);
        if (magnitude == 0)
            return FloatRelation.Equal;
        return magnitude < 0 != a.Sign ? FloatRelation.Less : FloatRelation.Greater;
    }

    /// <summary>
    /// Whether a relation satisfies one of the 32 predicates of VCMPPD (SDM Vol. 2, CMPPD, table 3-1); the first eight
    /// are those of CMPPD.
    /// </summary>
    /// <param name="relation">The outcome of the comparison.</param>
    /// <param name="predicate">The immediate, 0 to 31.</param>
    public static bool Satisfies(FloatRelation relation, int predicate)
    {
        // One nibble per predicate, one bit per relation: less, equal, greater, unordered. Bit 4 changes IE only.
        const ulong accepted = 0xF4650B9A7CED8312;
        return ((accepted >> ((predicate & 15) * 4)) & (1UL << (int)relation)) != 0;
    }

    /// <summary>Whether a predicate of VCMPPD raises IE only for signalling NaNs.</summary>
    /// <param name="predicate">The immediate, 0 to 31.</param>
    public static bool IsQuiet(int predicate)
    {
        // EQ, UNORD, NEQ and ORD (0, 3, 4, 7) are quiet, the orderings signal; bit 4 swaps the two.
        bool quiet = (predicate & 3) is 0 or 3;
        return quiet != ((predicate & 16) != 0);
    }

    private static int CompareMagnitude(in Unpacked a, in Unpacked b)
    {
        if (a.Class != b.Class)
            return a.Class == FloatClass.Infinity ? 1 : -1;
        if (a.Class == FloatClass.Infinity)
            return 0;
        return a.Exponent != b.Exponent ? a.Exponent.CompareTo(b.Exponent) : a.High.CompareTo(b.High);
    }
}

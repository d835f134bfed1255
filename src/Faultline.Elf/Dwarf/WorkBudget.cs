namespace Faultline.Elf.Dwarf;

/// <summary>How much one question may read, so that damaged data costs a bounded time.</summary>
internal sealed class WorkBudget
{
    /// <summary>
    /// Entries and attributes for one question, about a second's worth. The largest unit of a kernel has about a million, a program linked as one
    /// unit some tens of millions.
    /// </summary>
    public const int Full = 1 << 26;

    private int _left;

    /// <summary>Whether a question had to be given up.</summary>
    public bool WasExceeded { get; private set; }

    /// <summary>Starts a question.</summary>
    public void Reset() => _left = Full;

    /// <summary>Takes some; false when not enough is left.</summary>
    public bool Spend(int amount)
    {
        if (_left >= amount)
        {
            _left -= amount;
            return true;
        }

        _left = 0;
        WasExceeded = true;
        return false;
    }
}

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Runs a case interpreted and translated and compares everything, undefined flags and the number of instructions too.</summary>
/// <remarks>
/// Translated it runs twice: the second time it may find the targets of its indirect branches known, and it comes back to the dispatcher after a few instructions again and
/// again.
/// </remarks>
internal sealed class EngineRunner : IDisposable
{
    private readonly GuestRunner _interpreter = new(engine: ExecutionEngine.Interpreter);
    private readonly GuestRunner _translator = new(engine: ExecutionEngine.Translator);
    private readonly byte[] _expected = new byte[Scratch.DataSize];
    private readonly byte[] _found = new byte[Scratch.DataSize];

    /// <summary>Regions translated so far.</summary>
    public long Translated => _translator.Translated;

    /// <summary>What differs, a line each.</summary>
    public List<string> Differences(DiffCase test)
    {
        MachineState expected = test.Initial;
        test.Data.CopyTo(_expected, 0);
        long count = _interpreter.Executed;
        _interpreter.Run(test, ref expected, _expected);
        count = _interpreter.Executed - count;

        List<string> differences = [];
        foreach (long slice in (ReadOnlySpan<long>)[GuestRunner.Limit, 1 + test.Bytes.Count % 40])
        {
            MachineState found = test.Initial;
            test.Data.CopyTo(_found, 0);
            long executed = _translator.Executed;
            _translator.Slice = slice;
            try
            {
                _translator.Run(test, ref found, _found);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                return [$"    the translator threw {e.GetType().Name}: {e.Message} {e.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}"];
            }
            differences.AddRange(StateComparer.Compare(ref expected, _expected, ref found, _found, new CompareMask()));
            executed = _translator.Executed - executed;
            if (executed != count)
                differences.Add($"    instructions executed: interpreter {count} translator {executed}");
            if (differences.Count > 0)
                return [$"    (native here means interpreted; {slice} instructions at a time)", .. differences];
        }
        return differences;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _interpreter.Dispose();
        _translator.Dispose();
    }
}

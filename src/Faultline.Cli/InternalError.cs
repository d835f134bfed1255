namespace Faultline.Cli;

/// <summary>What users see of an exception that nothing expected: one line; the trace only with FAULTLINE_DEBUG=1.</summary>
internal static class InternalError
{
    /// <summary>Status for our own failures, which env(1) and its like use for theirs.</summary>
    public const int Status = 125;

    /// <summary>Runs something; an exception that escapes from it is reported.</summary>
    /// <param name="body">What to run.</param>
    /// <param name="errors">Where reports go. Asked for only when there is one: to open the console costs a tenth of a short run.</param>
    /// <returns>What it returned, or <see cref="Status"/>.</returns>
    public static int Guard(Func<int> body, Func<TextWriter> errors)
    {
        try
        {
            return body();
        }
        catch (Exception e)
        {
            return Report(e, errors());
        }
    }

    /// <summary>Prints the line, and with FAULTLINE_DEBUG=1 the trace.</summary>
    /// <returns><see cref="Status"/>.</returns>
    public static int Report(Exception exception, TextWriter errors)
    {
        string message = exception.Message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        errors.WriteLine($"faultline: internal error: {exception.GetType().Name}: {message}, please report (FAULTLINE_DEBUG=1 shows where)");
        if (Environment.GetEnvironmentVariable("FAULTLINE_DEBUG") == "1")
            errors.WriteLine(exception);
        return Status;
    }
}

namespace Faultline.Memory.Tests;

public class PageDirectoryTests
{
    [Fact]
    public void SparsePagesAreFoundInOrder()
    {
        using PageDirectory directory = new();
        ulong[] pages = [0, 1, 511, 512, 513, (1 << 18) - 1, 1 << 18, (1 << 27) - 1, 1 << 27, (1UL << 27) + 512, PageDirectory.Pages - 1];
        foreach (ulong page in pages.Reverse())
            directory.Set(page, (nuint)(page + 1) << 12);
        List<ulong> found = [];
        for (ulong page = directory.NextPresent(0, PageDirectory.Pages); page < PageDirectory.Pages; page = directory.NextPresent(page + 1, PageDirectory.Pages))
            found.Add(page);
        Assert.Equal(pages, found);
        Assert.Equal(510UL, directory.NextPresent(2, 510));
        Assert.Equal(511UL, directory.NextPresent(2, 512));
        Assert.Equal(700UL, directory.NextPresent(514, 700));
        Assert.Equal(1UL << 27, directory.NextPresent(1 << 27, ulong.MaxValue));
        Assert.Equal(ulong.MaxValue, directory.NextPresent(PageDirectory.Pages, ulong.MaxValue));
        Assert.Equal(0u, directory[PageDirectory.Pages]);
        Assert.Equal(0u, directory[ulong.MaxValue]);
    }

    [Fact]
    public void ItAgreesWithASortedSetThroughRandomChangesAndTrims()
    {
        Random random = new(20260);
        using PageDirectory directory = new();
        using FlatTables tables = new(FlatTables.FullPages);
        SortedSet<ulong> model = [];
        ulong At(int count, int shift) => (ulong)random.Next(count) << shift;
        for (int i = 0; i < 60_000; i++)
        {
            ulong page = At(6, 27) + At(3, 18) + At(30, 9) + At(4, 0);
            bool set = random.Next(10) < (i / 6000 % 2 == 0 ? 8 : 1);
            directory.Set(page, set ? (nuint)4096 : 0);
            _ = set ? model.Add(page) : model.Remove(page);
            if (i % 500 == 0)
                directory.Trim(tables);
            ulong from = page + (ulong)random.Next(3) * 300;
            ulong end = from + (1UL << random.Next(34));
            SortedSet<ulong> between = model.GetViewBetween(from, end - 1);
            Assert.Equal(between.Count == 0 ? end : between.Min, directory.NextPresent(from, end));
            Assert.Equal(set, directory[page] != 0);
        }
        Assert.InRange(directory.LeafCount, 1, 6 * 3 * 30);
        foreach (ulong page in model)
            directory.Set(page, 0);
        directory.Trim(tables);
        Assert.Equal(0, directory.LeafCount);
        Assert.False(directory.WantsTrim);
    }
}

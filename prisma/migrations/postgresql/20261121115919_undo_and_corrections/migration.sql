-- AlterTable
ALTER TABLE "Entry" ADD COLUMN     "recordedById" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "recordedByName" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "takenBackAt" TIMESTAMP(3),
ADD COLUMN     "takenBackById" TEXT,
ADD COLUMN     "takenBackByName" TEXT;

-- AlterTable
ALTER TABLE "Incident" ADD COLUMN     "mistaken" BOOLEAN NOT NULL DEFAULT false;

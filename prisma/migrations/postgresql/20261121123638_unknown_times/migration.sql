-- AlterTable
ALTER TABLE "Impact" ADD COLUMN     "overWithIncident" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "sinceUnknown" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "untilUnknown" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "Incident" ADD COLUMN     "statusAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "RoleHolding" ADD COLUMN     "sinceUnknown" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "untilUnknown" BOOLEAN NOT NULL DEFAULT false;
